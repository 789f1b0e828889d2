//! Logs an event that repeats now and then, with how often it came.

use std::future::pending;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

const PAUSE: Duration = Duration::from_secs(10);

/// The log lines of one event that repeats: it may be an attack, or last for hours.
///
/// Dropping this logs the rest.
#[derive(Debug)]
pub(super) struct LogRateLimit<E> {
    log: fn(&E, u64),
    logged: Option<Instant>,
    /// The last event, and how many there were since the last line.
    unlogged: Option<(E, u64)>,
}

impl<E> LogRateLimit<E> {
    /// Writes lines by `log`, from the last event and how many there were since the line before.
    pub(super) fn new(log: fn(&E, u64)) -> Self {
        Self { log, logged: None, unlogged: None }
    }

    /// `event` has come: logs it, unless there was a line not long ago.
    pub(super) fn event(&mut self, event: E) {
        let before = self.unlogged.take().map_or(0, |(_, count)| count);
        self.unlogged = Some((event, before + 1));
        if self.logged.is_none_or(|logged| logged.elapsed() >= PAUSE) {
            self.flush();
        }
    }

    /// Logs the events of a pause at its end; waits forever if there are none.
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
