//! The clock and timers of calls: tokio's, or in a browser, where tokio has none, those of the page.

#[cfg(all(feature = "local", target_arch = "wasm32", target_os = "unknown"))]
mod browser;

use std::time::Duration;

#[cfg(all(feature = "local", target_arch = "wasm32", target_os = "unknown"))]
pub(crate) use browser::{Instant, Sleep, sleep_until};
#[cfg(not(all(feature = "local", target_arch = "wasm32", target_os = "unknown")))]
pub(crate) use tokio::time::{Instant, Sleep, sleep_until};

/// Whether there is a clock. In a browser, it needs the feature `local`.
pub(crate) const EXISTS: bool = cfg!(any(feature = "local", not(all(target_arch = "wasm32", target_os = "unknown"))));

/// The longest duration that is ever added to a time: 30 years. Every clock can represent it, unlike [`Duration::MAX`].
pub(crate) const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The point in time `time` from now, or at most [`FAR`].
pub(crate) fn after(time: Duration) -> Instant {
    Instant::now() + time.min(FAR)
}

/// Waits for `time`, or at most for [`FAR`].
pub(crate) fn sleep(time: Duration) -> Sleep {
    sleep_until(after(time))
}
