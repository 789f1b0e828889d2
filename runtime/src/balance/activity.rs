//! Counts the calls of a channel, to find out when it is idle.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// The number of running calls, and the time of the last one.
#[derive(Debug, Clone)]
pub(super) struct Activity(Arc<CallCount>);

#[derive(Debug)]
struct CallCount {
    running: AtomicUsize,
    /// When the last call ended.
    last: Mutex<Option<Instant>>,
}

impl Activity {
    pub(super) fn new() -> Self {
        Self(Arc::new(CallCount { running: AtomicUsize::new(0), last: Mutex::new(None) }))
    }

    /// Counts a call until the returned guard is dropped.
    pub(super) fn start(&self) -> ActiveCall {
        self.0.running.fetch_add(1, Ordering::Relaxed);
        ActiveCall(self.0.clone())
    }

    /// Waits until there has been no call for `timeout`; without a timeout, forever.
    ///
    /// Calls do not wake the waiter. It looks again when the channel could be idle at the earliest, which for a running call is a
    /// `timeout` from now.
    pub(super) async fn idle(&self, timeout: Option<Duration>) {
        let Some(timeout) = timeout else { return pending().await };
        // The resolution of tokio's timers.
        let timeout = timeout.max(Duration::from_millis(1));
        let started = Instant::now();
        loop {
            let is_running = self.0.running.load(Ordering::Acquire) > 0;
            let last = *self.0.last.lock().unwrap_or_else(PoisonError::into_inner);
            let since = if is_running { Instant::now() } else { last.unwrap_or(started) };
            let Some(until) = since.checked_add(timeout) else { return pending().await };
            if !is_running && until <= Instant::now() {
                return;
            }
            sleep_until(until).await;
        }
    }
}

/// A running call.
#[derive(Debug)]
pub(super) struct ActiveCall(Arc<CallCount>);

impl Drop for ActiveCall {
    fn drop(&mut self) {
        // Before the count, so that whoever reads zero also reads this time.
        *self.0.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
        self.0.running.fetch_sub(1, Ordering::Release);
    }
}
