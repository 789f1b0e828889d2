//! The events that end a call early: its deadline, failed requests, and cancellation.

use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use std::time::Duration;

use tokio::sync::oneshot;
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Code, Status, TimeoutExpired};

use crate::Deadline;
use crate::deadline::clock::{Sleep, sleep, sleep_until};

/// The events that end a call early.
#[derive(Debug, Default)]
pub(crate) struct Termination {
    deadline: Option<Deadline>,
    timer: Option<Pin<Box<Sleep>>>,
    failure: Option<oneshot::Receiver<Status>>,
    cancelled: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
}

impl Termination {
    /// Needs a tokio runtime if there is a deadline.
    pub(crate) fn at(deadline: Option<Deadline>) -> Self {
        let timer = deadline.map(|deadline| Box::pin(sleep_until(deadline.instant())));
        Self { deadline, timer, failure: None, cancelled: None }
    }

    pub(crate) fn with_failure(self, failure: Option<oneshot::Receiver<Status>>) -> Self {
        Self { failure, ..self }
    }

    pub(crate) fn with_token(self, token: Option<&CancellationToken>) -> Self {
        let cancelled = token.map(|token| Box::pin(token.clone().cancelled_owned()));
        Self { cancelled, ..self }
    }

    /// Completes with the status with which the call must end.
    pub(crate) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Status> {
        if let Some(timer) = &mut self.timer {
            // A task that never yields does not see its timer expire.
            if self.deadline.is_some_and(|deadline| deadline.has_passed()) || timer.as_mut().poll(cx).is_ready() {
                return Poll::Ready(deadline_exceeded());
            }
        }
        if let Some(failure) = &mut self.failure
            && let Poll::Ready(sent) = Pin::new(failure).poll(cx)
        {
            self.failure = None;
            if let Ok(status) = sent {
                return Poll::Ready(status);
            }
        }
        if let Some(token) = &mut self.cancelled
            && token.as_mut().poll(cx).is_ready()
        {
            return Poll::Ready(cancelled());
        }
        Poll::Pending
    }

    /// Waits, unless the call must end first.
    pub(crate) async fn pause(&mut self, pause: Duration) -> Result<(), Status> {
        if pause.is_zero() { Ok(()) } else { self.limit(pin!(sleep(pause))).await }
    }

    /// The output of `future`, unless the call must end first.
    pub(crate) async fn limit<T>(
        &mut self,
        mut future: Pin<&mut (dyn Future<Output = T> + Send)>,
    ) -> Result<T, Status> {
        poll_fn(|cx| match future.as_mut().poll(cx) {
            Poll::Ready(output) => Poll::Ready(Ok(output)),
            Poll::Pending => self.poll(cx).map(|status| {
                // A handler in this process sees that its requests have failed before it is dropped.
                let _ = future.as_mut().poll(cx);
                Err(status)
            }),
        })
        .await
    }

    /// Replaces a status by its cause: the failure of the requests, or `DEADLINE_EXCEEDED` for a `CANCELLED` that the deadline caused. tonic's
    /// timers answer `CANCELLED` on either side, and other servers reset the stream.
    pub(crate) fn map_status(&mut self, status: Status) -> Status {
        if let Some(failure) = self.failure.as_mut().and_then(|failure| failure.try_recv().ok()) {
            return failure;
        }
        let expired = self.deadline.is_some_and(|deadline| deadline.has_passed());
        if status.code() == Code::Cancelled && (expired || status.message() == TimeoutExpired(()).to_string()) {
            return deadline_exceeded();
        }
        status
    }
}

pub(crate) fn cancelled() -> Status {
    Status::cancelled("the caller cancelled the call")
}

pub(crate) fn deadline_exceeded() -> Status {
    Status::deadline_exceeded("deadline exceeded")
}
