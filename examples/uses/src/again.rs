//! Calls that are made again, after which ends and how long after; and servers that start again.

use std::time::{Duration, SystemTime};

use rgrpc::{Code, Status};
use tokio::time::{Instant, sleep_until};

/// Whether another call may go better: the connection broke, or the server ended.
pub(crate) fn is_temporary(status: &Status) -> bool {
    matches!(status.code(), Code::Unavailable | Code::DeadlineExceeded | Code::Cancelled | Code::Internal)
}

const LONGEST: Duration = Duration::from_secs(5);

/// The pause before the next call: twice as long each time, up to five seconds.
#[derive(Debug)]
pub(crate) struct Pause {
    next: Duration,
    /// When the next call is due. Whoever stops waiting and waits again waits for the same moment.
    due: Option<Instant>,
}

impl Default for Pause {
    fn default() -> Self {
        Self { next: Duration::from_millis(50), due: None }
    }
}

impl Pause {
    /// Begins a pause of half its length to all of it, so that clients of a server that ended do not come back in the same moment.
    pub(crate) fn begin(&mut self) {
        self.due = Some(Instant::now() + self.next.mul_f64(0.5 + fastrand::f64() / 2.0));
        self.next = (self.next * 2).min(LONGEST);
    }

    /// Waits for the end of the pause that has begun, if one has.
    pub(crate) async fn end(&mut self) {
        if let Some(due) = self.due {
            sleep_until(due).await;
            self.due = None;
        }
    }
}

/// A number above those that a server which ran before gave out, if it gave out fewer than one in a microsecond.
pub(crate) fn number_at_start() -> u64 {
    let since_epoch = SystemTime::UNIX_EPOCH.elapsed().unwrap_or_default();
    u64::try_from(since_epoch.as_micros()).unwrap_or_default()
}
