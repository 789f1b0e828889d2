//! Runs the code that makes a response within its bounds.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::Poll;

use super::panics::Catch;
use super::{Bounds, ServerResponse};
use crate::deadline;
use crate::deadline::termination::Termination;

impl Bounds {
    /// Awaits `response`, or returns the status of a panic or of the deadline.
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

/// The future of a response, which may also panic when it is dropped.
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
