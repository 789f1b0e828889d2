//! Counts the calls whose handlers still run: none may be left when the clients have gone.

use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// The number of calls that are open.
#[derive(Debug, Clone)]
pub struct Open(watch::Sender<usize>);

impl Default for Open {
    fn default() -> Self {
        Self(watch::Sender::new(0))
    }
}

impl Open {
    /// Counts a call until what is returned is dropped.
    pub(super) fn one(&self) -> OpenCall {
        self.0.send_modify(|count| *count += 1);
        OpenCall(self.clone())
    }

    /// Waits until no call is open, but no longer than this, and returns how many are.
    pub async fn left_after(&self, patience: Duration) -> usize {
        let mut count = self.0.subscribe();
        // Whether it took too long is seen in the count.
        let _ = timeout(patience, count.wait_for(|count| *count == 0)).await;
        *self.0.borrow()
    }
}

/// A call that is open until this is dropped.
#[derive(Debug)]
pub(super) struct OpenCall(Open);

impl Drop for OpenCall {
    fn drop(&mut self) {
        self.0.0.send_modify(|count| *count -= 1);
    }
}
