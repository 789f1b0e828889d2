//! Holds the work for a response within its bounds.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use super::panics::Catch;
use super::{Bounds, ServerResponse};
use crate::deadline;
use crate::deadline::termination::Termination;

impl Bounds {
    /// The `response`, or what stands for one that panics or takes too long.
    pub(crate) async fn hold(
        self,
        response: Pin<&mut Option<impl Future<Output = ServerResponse> + Send>>,
    ) -> ServerResponse {
        let Self { deadline, inherited, catch } = self;
        let mut held = HeldResponse { response, catch };
        let response = pin!(poll_fn(|cx| {
            let HeldResponse { response, catch } = &mut held;
            let Some(response) = response.as_mut().as_pin_mut() else { return Poll::Pending };
            let polled = catch.run(|| deadline::enter(inherited, || response.poll(cx)));
            polled.unwrap_or_else(|status| Poll::Ready(status.into()))
        }));
        match deadline {
            None => response.await,
            deadline => Termination::at(deadline).limit(response).await.unwrap_or_else(ServerResponse::from),
        }
    }
}

/// The work for a response, which may panic too when it is dropped.
struct HeldResponse<'a, F> {
    response: Pin<&'a mut Option<F>>,
    catch: Catch,
}

impl<F> Drop for HeldResponse<'_, F> {
    fn drop(&mut self) {
        let Self { response, catch } = self;
        let _ = catch.run(|| response.set(None));
    }
}
