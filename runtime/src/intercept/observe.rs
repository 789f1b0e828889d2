//! The running rest of a call with an observer of this crate, which allocates nothing for a call with one response.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tonic::Status;

use super::watch::{dropped, ok};
use super::{Answer, Messages, Running, Watch};
use crate::Deadline;
use crate::server::UserCode;

/// Observes one call.
pub(crate) trait Observe: Unpin {
    /// Runs or drops a part of the call, such as within a span.
    fn around<T>(&self, part: impl FnOnce() -> T) -> T {
        part()
    }

    /// The call has one response, of `len` bytes.
    fn response(&self, len: usize) {
        let _ = len;
    }

    /// The call has ended.
    fn end(self, status: &Status);

    /// The call continues as a stream of responses, which `watch` observes.
    fn follow(self, messages: &mut Messages, watch: Watch);
}

/// The rest of a call with an observer; [`Running::observed_by`] makes it.
pub(crate) struct Observing<O: Observe> {
    /// `None` when it is over.
    running: Option<Running>,
    /// `None` when it has observed the end, or follows the responses.
    observer: Option<O>,
    deadline: Option<Deadline>,
}

impl Running {
    /// Runs the call with `observer`.
    pub(crate) fn observed_by<O: Observe>(self, observer: O) -> Observing<O> {
        let deadline = self.deadline();
        Observing { running: Some(self), observer: Some(observer), deadline }
    }
}

impl<O: Observe> Observing<O> {
    /// Drops the rest of the call, and returns the observer.
    fn close(&mut self) -> Option<O> {
        let Self { running, observer, .. } = self;
        if let Some(observer) = observer {
            observer.around(|| *running = None);
        }
        observer.take()
    }
}

impl<O: Observe> Future for Observing<O> {
    type Output = Result<Answer, Status>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { running, observer: Some(observer), .. } = &mut *self else { return Poll::Pending };
        let run = || {
            let polled = running.as_mut().map_or(Poll::Pending, |running| Pin::new(running).poll(cx));
            // Dropped within the same scope, which is entered once less that way.
            if polled.is_ready() {
                *running = None;
            }
            polled
        };
        let polled = catch_unwind(AssertUnwindSafe(|| observer.around(run)));
        let mut outcome = match polled {
            Ok(polled) => ready!(polled),
            Err(panic) => {
                if let Some(observer) = self.observer.take() {
                    observer.end(&UserCode::Interceptor.panicked());
                }
                resume_unwind(panic)
            }
        };
        let Some(observer) = self.observer.take() else { return Poll::Ready(outcome) };
        match &mut outcome {
            Ok(answer) => match answer.get_ref().len_of_one() {
                Some(len) => {
                    observer.response(len);
                    observer.end(ok());
                }
                None => observer.follow(answer.get_mut(), Watch::new(self.deadline)),
            },
            Err(status) => observer.end(status),
        }
        Poll::Ready(outcome)
    }
}

impl<O: Observe> Drop for Observing<O> {
    fn drop(&mut self) {
        if let Some(observer) = self.close() {
            observer.end(&dropped(self.deadline));
        }
    }
}
