//! Waits until a moment that may never come.

use tokio::time::{Instant, sleep_until};

/// Waits until `moment`; never ends without one.
pub(crate) async fn reached(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
