//! Counts running calls: refuses those over the limit, and tells a connection when to wait so that more responses share a write.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::fair_share::{Share, Supply};
use crate::connection::write_batching::WriteBatching;

/// The running calls of one connection.
#[derive(Debug, Clone)]
pub(super) struct InFlight(Arc<ConnectionCalls>);

#[derive(Debug)]
struct ConnectionCalls {
    share: Share,
    counts: Mutex<CallCounts>,
}

#[derive(Debug, Default)]
struct CallCounts {
    open: usize,
    /// Calls that have ended since the connection was last polled.
    ended: usize,
    write_batching: WriteBatching,
}

impl InFlight {
    pub(super) fn of(all: &Arc<Supply>) -> Self {
        Self(Arc::new(ConnectionCalls { share: Share::new(all), counts: Mutex::default() }))
    }

    /// Counts one more call, unless that is too many. A connection is not held to its fair share while no other has calls.
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

    /// Whether the connection should let calls run before it writes.
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

impl ConnectionCalls {
    fn counts(&self) -> MutexGuard<'_, CallCounts> {
        self.counts.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A guard that counts a call until it is dropped.
pub(super) struct CallInFlight(Arc<ConnectionCalls>);

impl Drop for CallInFlight {
    fn drop(&mut self) {
        self.0.share.give_back(1);
        let counts = &mut *self.0.counts();
        counts.open -= 1;
        counts.ended += 1;
    }
}
