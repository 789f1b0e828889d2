//! A stream of requests. If it fails, its call ends.

use std::sync::Arc;
use std::task::Context;

use tokio::sync::oneshot;
use tonic::Status;

use crate::grpc::{Batch, BoxFill, Filled, cancelled};
use crate::intercept::OnMessage;
use crate::streaming::Link;
use crate::unwind::{catch, quietly};

/// A stream of encoded messages.
pub(crate) struct RequestStream {
    /// `None` after a failure.
    messages: Option<BoxFill>,
    pub(super) link: Option<Arc<Link>>,
    pub(super) limit: Option<usize>,
    pub(super) failure: Option<oneshot::Sender<Status>>,
    pub(crate) on_message: OnMessage,
}

impl RequestStream {
    pub(super) fn new(messages: BoxFill, link: Option<Arc<Link>>) -> Self {
        Self { messages: Some(messages), link, limit: None, failure: None, on_message: OnMessage::default() }
    }

    /// Writes the next messages into `batch`. On a failure, the call ends with its status, and the other side sees a cancellation.
    pub(crate) fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        let start = batch.len();
        let filled = self.fill_unobserved(cx, batch);
        batch.tell(start, &self.on_message);
        filled
    }

    /// As [`Self::fill`]; the caller notifies the observers.
    pub(crate) fn fill_unobserved(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        // A failed stream never ends, or the server would take the messages so far for all of them.
        let Some(messages) = &mut self.messages else { return Filled::Paused };
        let start = batch.len();
        let panicked = |_: &_| Status::cancelled("the stream of requests panicked");
        let filled = catch(|| messages.as_mut().fill(cx, batch, self.limit), panicked);
        let filled = filled.unwrap_or_else(|status| {
            batch.drop_part(start);
            Filled::Failed(status)
        });
        let Filled::Failed(status) = filled else { return filled };
        quietly(|| self.messages = None);
        if let Some(failure) = self.failure.take() {
            let _ = failure.send(status);
        }
        Filled::Failed(cancelled())
    }

    pub(crate) fn has_failed(&self) -> bool {
        self.messages.is_none()
    }
}

/// Catches a panic of the user's stream, which may be dropped in the task of a connection or in a handler.
impl Drop for RequestStream {
    fn drop(&mut self) {
        quietly(|| self.messages = None);
    }
}
