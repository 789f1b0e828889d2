//! A stream of requests, which ends its call where it fails.

use std::sync::Arc;
use std::task::Context;

use tokio::sync::oneshot;
use tonic::Status;

use crate::grpc::{Batch, Filled, Filling, cancelled};
use crate::intercept::OnMessage;
use crate::streaming::Link;
use crate::unwind::{catch, quietly};

/// A stream of messages, and what is to hear that it failed.
pub(crate) struct RequestStream {
    /// Nothing, once they have failed.
    messages: Option<Filling>,
    pub(super) link: Option<Arc<Link>>,
    pub(super) limit: Option<usize>,
    pub(super) failure: Option<oneshot::Sender<Status>>,
    pub(crate) on_message: OnMessage,
}

impl RequestStream {
    pub(super) fn new(messages: Filling, link: Option<Arc<Link>>) -> Self {
        Self { messages: Some(messages), link, limit: None, failure: None, on_message: OnMessage::default() }
    }

    /// Writes the next messages, unless they fail: then the call ends with their status, and nobody else hears of it but as cancelled.
    pub(crate) fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        let start = batch.len();
        let filled = self.fill_untold(cx, batch);
        batch.tell(start, &self.on_message);
        filled
    }

    /// Writes the next messages, of which whoever asks is to tell.
    pub(crate) fn fill_untold(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        // The server must not take the messages so far for all of them, so a stream that has failed has no end.
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

    pub(crate) fn have_failed(&self) -> bool {
        self.messages.is_none()
    }
}

/// The user's stream may panic when it is dropped, too: in the task of a connection, or in a handler.
impl Drop for RequestStream {
    fn drop(&mut self) {
        quietly(|| self.messages = None);
    }
}
