//! The clock and the timers of calls: tokio's; in a browser, where tokio has none, those of the page.

#[cfg(all(feature = "local", target_arch = "wasm32", target_os = "unknown"))]
mod browser;

#[cfg(all(feature = "local", target_arch = "wasm32", target_os = "unknown"))]
pub(crate) use browser::{Instant, Sleep, sleep, sleep_until};
#[cfg(not(all(feature = "local", target_arch = "wasm32", target_os = "unknown")))]
pub(crate) use tokio::time::{Instant, Sleep, sleep, sleep_until};
