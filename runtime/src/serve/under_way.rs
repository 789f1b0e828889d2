//! Counts the calls under way on all connections; says which are too many.

use super::share::{Share, Supply};
use std::sync::Arc;

/// The calls under way on one connection.
#[derive(Debug, Clone)]
pub(super) struct UnderWay(Arc<Share>);

impl UnderWay {
    pub(super) fn of(all: &Arc<Supply>) -> Self {
        Self(Arc::new(Share::new(all)))
    }

    /// Counts one more, unless it is too many.
    pub(super) fn begin(&self) -> Option<CallUnderWay> {
        self.0.has_room(1).then(|| {
            self.0.take(1);
            CallUnderWay(self.0.clone())
        })
    }
}

/// A call, until it is dropped.
pub(super) struct CallUnderWay(Arc<Share>);

impl Drop for CallUnderWay {
    fn drop(&mut self) {
        self.0.give_back(1);
    }
}
