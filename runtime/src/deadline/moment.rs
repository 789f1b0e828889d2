//! Waits for an optional point in time.

use tokio::time::{Instant, sleep_until};

/// Waits until `moment`, or forever without one.
pub(crate) async fn reached(moment: Option<Instant>) {
    match moment {
        Some(moment) => sleep_until(moment).await,
        None => std::future::pending().await,
    }
}
