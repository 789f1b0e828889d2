//! The clock and timers of a browser, with the interface of tokio's.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use gloo_timers::future::TimeoutFuture;
use send_wrapper::SendWrapper;

pub(crate) use web_time::Instant;

/// Waits until a point in time.
#[derive(Debug)]
pub(crate) struct Sleep {
    until: Instant,
    /// Stays on its thread, as the channel does.
    timer: Option<SendWrapper<TimeoutFuture>>,
}

pub(crate) fn sleep_until(until: Instant) -> Sleep {
    Sleep { until, timer: None }
}

impl Sleep {
    #[cfg(feature = "retry")]
    pub(crate) fn reset(self: Pin<&mut Self>, until: Instant) {
        *self.get_mut() = sleep_until(until);
    }
}

impl Future for Sleep {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        loop {
            let left = self.until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Poll::Ready(());
            }
            let timer = self.timer.get_or_insert_with(|| SendWrapper::new(TimeoutFuture::new(milliseconds(left))));
            ready!(Pin::new(&mut **timer).poll(cx));
            self.timer = None;
        }
    }
}

/// Rounds up, to at most the limit of `setTimeout`, which does not wait at all for more.
fn milliseconds(time: Duration) -> u32 {
    const MOST: u32 = u32::MAX >> 1;
    u32::try_from(time.as_nanos().div_ceil(1_000_000)).map_or(MOST, |milliseconds| milliseconds.min(MOST))
}
