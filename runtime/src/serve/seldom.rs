//! Tells an operator now and then of an event that repeats.

use std::time::Duration;
use tokio::time::Instant;

const PAUSE: Duration = Duration::from_secs(10);

/// An event that repeats: it may be an attack, or last for hours.
#[derive(Debug, Default)]
pub(super) struct Seldom {
    last: Option<Instant>,
    untold: u64,
}

impl Seldom {
    /// It has happened; calls `tell` with how often since it was called before, unless that is not long ago.
    pub(super) fn happened(&mut self, tell: impl FnOnce(u64)) {
        self.untold += 1;
        if self.last.is_none_or(|last| last.elapsed() >= PAUSE) {
            self.last = Some(Instant::now());
            tell(std::mem::take(&mut self.untold));
        }
    }
}
