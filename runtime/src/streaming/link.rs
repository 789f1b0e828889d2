//! The state that a call shares with the sender of its requests, which may be in another task.

use std::mem;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError, Weak};
use std::task::{Context, Poll};

use tonic::Status;

/// A call that the sender of its requests can poll.
pub(crate) trait Drive: Send + Sync {
    /// Polls the call; ready once the response has begun.
    fn drive(&self, cx: &mut Context<'_>) -> Poll<()>;
}

/// How a sender ended its requests.
#[derive(Debug, Default)]
pub(crate) enum RequestsEnd {
    /// The sender was dropped.
    #[default]
    Dropped,
    Complete,
    Failed(Status),
}

/// The shared state.
#[derive(Default)]
pub(crate) struct Link {
    requests: Mutex<RequestsEnd>,
    /// The status of the call once it has ended, or of its last run if an interceptor runs it again.
    end: Mutex<Option<Status>>,
    /// The call, if it was started. A call that is awaited needs nobody else to poll it.
    call: OnceLock<Weak<dyn Drive>>,
}

impl Link {
    pub(crate) fn start(&self, call: Weak<dyn Drive>) {
        let _ = self.call.set(call);
    }

    /// Records how the call, or a run of it, has ended.
    pub(crate) fn end<T>(&self, outcome: &Result<T, Status>) {
        *lock(&self.end) = Some(outcome.as_ref().err().cloned().unwrap_or_else(|| Status::ok("")));
    }

    pub(super) fn end_requests(&self, ending: RequestsEnd) {
        *lock(&self.requests) = ending;
    }

    /// Takes the status of requests that are not complete.
    pub(super) fn take_failure(&self) -> Option<Status> {
        match mem::replace(&mut *lock(&self.requests), RequestsEnd::Complete) {
            RequestsEnd::Dropped => Some(Status::cancelled("the sender was dropped before it had finished")),
            RequestsEnd::Complete => None,
            RequestsEnd::Failed(status) => Some(status),
        }
    }

    /// Polls the call, if it was started.
    pub(super) fn drive(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.call.get().and_then(Weak::upgrade).map_or(Poll::Ready(()), |call| call.drive(cx))
    }

    /// The error of a sender whose call accepts no more requests.
    pub(super) fn poll_end(&self, cx: &mut Context<'_>) -> Poll<Status> {
        // The server has stopped reading requests, so its answer is about to come.
        let answered = self.drive(cx);
        match &*lock(&self.end) {
            Some(status) if status.code() != tonic::Code::Ok => Poll::Ready(status.clone()),
            Some(_) => Poll::Ready(Status::failed_precondition("the call ended with OK before this request")),
            None => answered.map(|()| Status::failed_precondition("the call accepts no more requests")),
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
