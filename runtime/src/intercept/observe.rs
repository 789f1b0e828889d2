//! The rest of a call as it runs behind an interceptor of this crate's, with what that wants to hear of it, and wants around it. Of a call
//! with one response, nothing is allocated for that.

use std::future::Future;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tonic::Status;

use super::watch::{dropped, ok};
use super::{Answer, Messages, Running, Watch};
use crate::Deadline;
use crate::server::panicked;

/// Hears of one call.
pub(crate) trait Observe: Unpin {
    /// Runs a part of the call, or drops it.
    fn around<T>(&self, part: impl FnOnce() -> T) -> T {
        part()
    }

    /// The one response of the call has so many bytes.
    fn response(&self, len: usize) {
        let _ = len;
    }

    /// The call has ended.
    fn end(self, status: &Status);

    /// The call goes on with a stream of responses, which tells `watch` of each and of the end.
    fn follow(self, messages: &mut Messages, watch: Watch);
}

/// The rest of a call, which an observer hears of; [`Running::observed_by`] makes it.
pub(crate) struct Observing<O: Observe> {
    /// Until it is over.
    running: Option<Running>,
    /// Until it has heard of the end, or follows the responses.
    observer: Option<O>,
    deadline: Option<Deadline>,
}

impl Running {
    /// Runs the call, of which `observer` hears.
    pub(crate) fn observed_by<O: Observe>(self, observer: O) -> Observing<O> {
        let deadline = self.deadline();
        Observing { running: Some(self), observer: Some(observer), deadline }
    }
}

impl<O: Observe> Observing<O> {
    /// Drops the rest of the call, whose observer hears of the end elsewhere.
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
            // Within what is around it, which costs once less than by itself.
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
                    observer.end(&panicked());
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
