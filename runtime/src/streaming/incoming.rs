//! Takes tonic's stream of received bytes; gives it an end at the deadline, and its only message where there must be one.

use super::cancellation;
use crate::cutoff::Cutoff;
use bytes::Bytes;
use futures_core::Stream;
use std::{
    future::poll_fn,
    pin::Pin,
    task::{Context, Poll, ready},
};
use tonic::{CancellationHandle, Status, metadata::MetadataMap};

/// Resets a stream of requests, unless it is complete.
struct CancelOnDrop(Option<CancellationHandle>);

impl Drop for CancelOnDrop {
    fn drop(&mut self) {
        if let Some(requests) = self.0.take() {
            requests.cancel();
        }
    }
}

/// The encoded messages that the other side sends. After an error it is empty, and the call is cancelled.
pub struct Incoming {
    messages: Option<tonic::Streaming<Bytes>>,
    /// The requests of the call, which do not end by themselves when nobody wants the responses.
    requests: Option<CancelOnDrop>,
    /// tonic takes a stream that is polled after its end for one that was cut off.
    ended: bool,
    cutoff: Cutoff,
}

impl Incoming {
    pub(crate) fn new(messages: tonic::Streaming<Bytes>, cutoff: Cutoff) -> Self {
        Self { messages: Some(messages), requests: None, ended: false, cutoff }
    }

    /// The responses to a stream of requests, which is cancelled with them.
    pub(crate) fn to(self, requests: Option<CancellationHandle>) -> Self {
        Self { requests: requests.map(|handle| CancelOnDrop(Some(handle))), ..self }
    }

    /// The only message, which `what` names.
    ///
    /// Any other number of messages is `UNIMPLEMENTED`, the code that gRPC's list of statuses gives to cardinality violations.
    pub(crate) async fn only_message(&mut self, what: &str) -> Result<Bytes, Status> {
        let Some(message) = self.message().await? else {
            return Err(Status::unimplemented(format!("expected one {what}, found none")));
        };
        match self.message().await? {
            None => Ok(message),
            Some(_) => Err(Status::unimplemented(format!("expected one {what}, found more"))),
        }
    }

    async fn message(&mut self) -> Result<Option<Bytes>, Status> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// The trailing metadata, which is there once all messages were read.
    pub(crate) async fn trailers(&mut self) -> Result<Option<MetadataMap>, Status> {
        match &mut self.messages {
            Some(messages) => messages.trailers().await,
            None => Ok(None),
        }
    }
}

impl Stream for Incoming {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { messages, requests, ended, cutoff } = &mut *self;
        let Some(stream) = messages.as_mut().filter(|_| !*ended) else { return Poll::Ready(None) };
        // First, because a stream that always has a message would outlive its deadline.
        let item = match cutoff.poll(cx) {
            Poll::Ready(status) => Some(Err(status)),
            Poll::Pending => ready!(Pin::new(stream).poll_next(cx))
                .map(|message| message.map_err(|status| cutoff.explain(cancellation::show(status)))),
        };
        match item {
            Some(Ok(_)) => {}
            Some(Err(_)) => (*messages, *requests) = (None, None),
            None => *ended = true,
        }
        Poll::Ready(item)
    }
}
