//! Counts the calls under way on all connections; says which are too many, and when a connection had better wait for more of its responses.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::fair_share::{Share, Supply};
use crate::connection::write_batching::WriteBatching;

/// The calls under way on one connection.
#[derive(Debug, Clone)]
pub(super) struct InFlight(Arc<OfConnection>);

#[derive(Debug)]
struct OfConnection {
    share: Share,
    counts: Mutex<CallCounts>,
}

#[derive(Debug, Default)]
struct CallCounts {
    open: usize,
    /// Those that ended since the connection had its turn.
    ended: usize,
    write_batching: WriteBatching,
}

impl InFlight {
    pub(super) fn of(all: &Arc<Supply>) -> Self {
        Self(Arc::new(OfConnection { share: Share::new(all), counts: Mutex::default() }))
    }

    /// Counts one more, unless it is too many. A connection that alone has calls takes none from others.
    pub(super) fn begin(&self) -> Option<CallInFlight> {
        let share = &self.0.share;
        (share.has_room(1) || share.is_alone()).then(|| {
            self.0.share.take(1);
            self.0.counts().open += 1;
            CallInFlight(self.0.clone())
        })
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.counts().open == 0
    }

    /// Whether the connection had better let calls run before it has its turn.
    pub(super) fn waits(&self) -> bool {
        let counts = &mut *self.0.counts();
        if counts.write_batching.waits(counts.ended, counts.open) {
            return true;
        }
        counts.write_batching.turn(counts.ended);
        counts.ended = 0;
        false
    }
}

impl OfConnection {
    fn counts(&self) -> MutexGuard<'_, CallCounts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A call, until it is dropped.
pub(super) struct CallInFlight(Arc<OfConnection>);

impl Drop for CallInFlight {
    fn drop(&mut self) {
        self.0.share.give_back(1);
        let counts = &mut *self.0.counts();
        counts.open -= 1;
        counts.ended += 1;
    }
}
