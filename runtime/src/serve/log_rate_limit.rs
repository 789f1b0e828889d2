//! Limits how often a repeated event is logged, and counts the events between log lines.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

const PAUSE: Duration = Duration::from_secs(10);

/// Logs an event that may repeat for hours, or in an attack, at most once per [`PAUSE`].
///
/// Dropping it logs the events that were not logged yet.
#[derive(Debug)]
pub(super) struct LogRateLimit<E> {
    log: fn(&E, u64),
    logged: Option<Instant>,
    /// The last event, and the number of events since the last log line.
    unlogged: Option<(E, u64)>,
}

impl<E> LogRateLimit<E> {
    /// Logs by `log`, which receives the last event and the number of events since the line before.
    pub(super) fn new(log: fn(&E, u64)) -> Self {
        Self { log, logged: None, unlogged: None }
    }

    /// Counts `event`, and logs it unless the last line is too recent.
    pub(super) fn event(&mut self, event: E) {
        let before = self.unlogged.take().map_or(0, |(_, count)| count);
        self.unlogged = Some((event, before + 1));
        if self.logged.is_none_or(|logged| logged.elapsed() >= PAUSE) {
            self.flush();
        }
    }

    /// Waits until the events that were not logged yet can be, and logs them; waits forever if there are none.
    pub(super) async fn rest(&mut self) {
        match (self.logged, &self.unlogged) {
            (Some(logged), Some(_)) => sleep_until(logged + PAUSE).await,
            _ => pending().await,
        }
        self.flush();
    }

    fn flush(&mut self) {
        if let Some((event, count)) = self.unlogged.take() {
            self.logged = Some(Instant::now());
            (self.log)(&event, count);
        }
    }
}

impl<E> Drop for LogRateLimit<E> {
    fn drop(&mut self) {
        self.flush();
    }
}
