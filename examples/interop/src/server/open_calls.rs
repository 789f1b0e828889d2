//! Counts the calls whose handlers are still running. None may be left when all clients are gone.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// The number of open calls.
#[derive(Debug, Clone)]
pub struct OpenCalls(watch::Sender<usize>);

impl Default for OpenCalls {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl OpenCalls {
    /// Counts a call until the return value is dropped.
    pub(super) fn count(&self) -> OpenCall {
        self.0.send_modify(|count| *count += 1);
        OpenCall(self.clone())
    }

    /// Waits until no call is open, but no longer than `grace_period`, and returns the number of open calls.
    pub async fn left_after(&self, grace_period: Duration) -> usize {
        let mut count = self.0.subscribe();
        // The count shows whether the wait timed out.
        let _ = timeout(grace_period, count.wait_for(|count| *count == 0)).await;
        *self.0.borrow()
    }
}

/// A call that is open until this is dropped.
#[derive(Debug)]
pub(super) struct OpenCall(OpenCalls);

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
