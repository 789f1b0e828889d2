//! Repeated calls: which errors are temporary, how long to wait, and how restarted servers continue their numbers.

use std::time::{Duration, SystemTime};

use rgrpc::{Code, Status};
use tokio::time::{Instant, sleep_until};

/// Whether another call may succeed, because the connection was lost or the server shut down.
pub(crate) fn is_temporary(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Internal)
}

const MAX_PAUSE: Duration = Duration::from_secs(5);

/// The pause before the next call, which doubles each time, up to `MAX_PAUSE`.
#[derive(Debug)]
pub(crate) struct Pause {
    next: Duration,
    /// The time of the next call. It is kept if waiting is cancelled and starts again.
    due: Option<Instant>,
}

impl Default for Pause {
    fn default() -> Self {
        Self { next: Duration::from_millis(50), due: None }
    }
}

impl Pause {
    /// Starts a pause of 50 to 100 % of its length, so that the clients of a restarted server do not reconnect all at once.
    pub(crate) fn begin(&mut self) {
        self.due = Some(Instant::now() + self.next.mul_f64(0.5 + fastrand::f64() / 2.0));
        self.next = (self.next * 2).min(MAX_PAUSE);
    }

    /// Waits for the end of the current pause, if there is one.
    pub(crate) async fn end(&mut self) {
        if let Some(due) = self.due {
            sleep_until(due).await;
            self.due = None;
        }
    }
}

/// A number above those that an earlier server used, if that used less than one per microsecond.
pub(crate) fn number_at_start() -> u64 {
    let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(since_epoch.as_micros()).unwrap_or_default()
}
