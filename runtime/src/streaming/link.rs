//! The state that a call and the sender of its requests share, which may be in tasks of their own.

use std::mem;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll};

use tonic::Status;

/// A call that goes on when it is polled.
pub(crate) trait Drive: Send + Sync {
    /// Ready once the first of the answer is here.
    fn drive(&self, cx: &mut Context<'_>) -> Poll<()>;
}

/// How a sender leaves its requests.
#[derive(Debug, Default)]
pub(crate) enum RequestsEnd {
    #[default]
    Dropped,
    Complete,
    Failed(Status),
}

#[derive(Default)]
pub(crate) struct Link {
    requests: Mutex<RequestsEnd>,
    /// The status of the call, once it is over; of its last run, if an interceptor runs it again.
    end: Mutex<Option<Status>>,
    /// The call, if it was started: one that is awaited goes on by itself.
    call: OnceLock<Weak<dyn Drive>>,
}

impl Link {
    pub(crate) fn start(&self, call: Weak<dyn Drive>) {
        let _ = self.call.set(call);
    }

    /// Notes that the call is over, or that a run of it is.
    pub(crate) fn end<T>(&self, outcome: &Result<T, Status>) {
        *lock(&self.end) = Some(outcome.as_ref().err().cloned().unwrap_or_else(|| Status::ok("")));
    }

    pub(super) fn end_requests(&self, ending: RequestsEnd) {
        *lock(&self.requests) = ending;
    }

    /// The status that requests end with which are not complete.
    pub(super) fn take_failure(&self) -> Option<Status> {
        match mem::replace(&mut *lock(&self.requests), RequestsEnd::Complete) {
            RequestsEnd::Dropped => Some(Status::cancelled("the sender was dropped before it had finished")),
            RequestsEnd::Complete => None,
            RequestsEnd::Failed(status) => Some(status),
        }
    }

    /// Has a started call go on.
    pub(super) fn drive(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.call.get().and_then(Weak::upgrade).map_or(Poll::Ready(()), |call| call.drive(cx))
    }

    /// The error of a sender whose call takes no more requests.
    pub(super) fn poll_end(&self, cx: &mut Context<'_>) -> Poll<Status> {
        // Whoever stopped reading the requests is about to answer.
        let answered = self.drive(cx);
        match &*lock(&self.end) {
            Some(status) if status.code() != tonic::Code::Ok => Poll::Ready(status.clone()),
            Some(_) => Poll::Ready(Status::failed_precondition("the call ended with OK before this request")),
            None => answered.map(|()| Status::failed_precondition("the call takes no more messages")),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
