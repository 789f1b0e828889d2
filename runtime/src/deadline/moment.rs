//! Takes a moment, if there is one; waits until it is reached.

use tokio::time::{Instant, sleep_until};

/// Waits until `moment`, or for ever.
pub(crate) async fn reached(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
