//! Calls that are made again: after which ends, and how long after.

use rgrpc::{Code, Status};
use std::time::Duration;
use tokio::time::sleep;

/// Whether another call may go better: the connection broke, or the server ended.
pub(crate) fn is_temporary(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Internal)
}

const LONGEST: Duration = Duration::from_secs(5);

/// The pause before the next call: twice as long each time, up to five seconds.
#[derive(Debug)]
pub(crate) struct Pause(Duration);

impl Default for Pause {
    fn default() -> Self {
        Self(Duration::from_millis(50))
    }
}

impl Pause {
    /// Waits for half of it to all of it, so that clients of a server that ended do not come back in the same moment.
    pub(crate) async fn wait(&mut self) {
        sleep(self.0.mul_f64(0.5 + fastrand::f64() / 2.0)).await;
        self.0 = (self.0 * 2).min(LONGEST);
    }
}
