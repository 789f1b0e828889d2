//! The clock and the timers of calls: tokio's; in a browser, where tokio has none, those of the page.

#[cfg(all(feature = "local", target_arch = "wasm32", target_os = "unknown"))]
mod browser;

use std::time::Duration;

#[cfg(all(feature = "local", target_arch = "wasm32", target_os = "unknown"))]
pub(crate) use browser::{Instant, Sleep, sleep_until};
#[cfg(not(all(feature = "local", target_arch = "wasm32", target_os = "unknown")))]
pub(crate) use tokio::time::{Instant, Sleep, sleep_until};

/// Whether there is a clock: in a browser, only with the feature `local`.
pub(crate) const EXISTS: bool = cfg!(any(feature = "local", not(all(target_arch = "wasm32", target_os = "unknown"))));

/// As far as a moment may be from now: thirty years. Every clock reaches it, unlike [`Duration::MAX`], beyond which adding panics.
pub(crate) const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 60 * 60);

/// The moment `time` from now, or else that which is [`FAR`].
pub(crate) fn after(time: Duration) -> Instant {
    Instant::now() + time.min(FAR)
}

/// Waits for `time`, or else until the moment that is [`FAR`].
pub(crate) fn sleep(time: Duration) -> Sleep {
    sleep_until(after(time))
}
