//! Takes tonic's stream of received bytes; gives it an end at the deadline, and its only message where there must be one.

use super::Link;
use crate::{
    codec::BytesCodec,
    cutoff::Cutoff,
    grpc::{self, Flags},
    intercept::{Encodeds, Watches},
};
use bytes::Bytes;
use futures_core::Stream;
use std::{
    collections::VecDeque,
    future::{Future, poll_fn},
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio_stream::StreamExt;
use tonic::{CancellationHandle, Status, metadata::MetadataMap};

/// As much is read of responses that nobody asked for: the window that HTTP/2 gives a stream at first.
const AHEAD: usize = 64 * 1024 - 1;

/// A stream of requests whose call is not over; dropped, it is reset unless it is complete.
pub(crate) struct Unanswered {
    requests: Option<CancellationHandle>,
    link: Option<Arc<Link>>,
}

impl Unanswered {
    pub(crate) fn new(requests: CancellationHandle, link: Option<Arc<Link>>) -> Self {
        Self { requests: Some(requests), link }
    }

    /// Tells the sender of the requests how the call ended.
    pub(crate) fn end(&self, status: &Status) {
        if let Some(link) = &self.link {
            link.end(status.clone());
        }
    }
}

impl Drop for Unanswered {
    fn drop(&mut self) {
        if let Some(requests) = self.requests.take() {
            requests.cancel();
        }
    }
}

/// The encoded messages that the other side sends. After an error it is empty, and the call is cancelled.
pub struct Incoming {
    messages: Option<tonic::Streaming<Bytes>>,
    /// The requests of the call, which do not end by themselves when nobody wants the responses.
    requests: Option<Unanswered>,
    /// tonic takes a stream that is polled after its end for one that was cut off.
    ended: bool,
    cutoff: Cutoff,
    /// Of the messages that are to come, if they may be compressed.
    flags: Option<Flags>,
    was_compressed: bool,
    /// What nobody asked for yet.
    ahead: VecDeque<Result<Bytes, Status>>,
    bytes_ahead: usize,
    watches: Watches,
}

impl Incoming {
    pub(crate) fn new(messages: tonic::Streaming<Bytes>, flags: Option<Flags>, cutoff: Cutoff) -> Self {
        Self {
            messages: Some(messages),
            requests: None,
            ended: false,
            cutoff,
            flags,
            was_compressed: false,
            ahead: VecDeque::new(),
            bytes_ahead: 0,
            watches: Watches::default(),
        }
    }

    /// Messages that come from nowhere, as if from the wire.
    pub(crate) fn local(messages: Encodeds) -> Self {
        let body = grpc::Messages::new(messages.map(|message| message.map(|message| (message, None))));
        let codec = BytesCodec::stream().receiving_uncompressed();
        let messages = tonic::Streaming::new_response(codec, body, http::StatusCode::OK, None, Some(usize::MAX));
        Self::new(messages, None, Cutoff::default())
    }

    pub(crate) fn watched_by(self, watches: Watches) -> Self {
        Self { watches, ..self }
    }

    /// The responses to a stream of requests, which is cancelled with them.
    pub(crate) fn to(self, requests: Option<Unanswered>) -> Self {
        Self { requests, ..self }
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

    /// Whether the last message was compressed.
    pub(crate) fn was_compressed(&self) -> bool {
        self.was_compressed
    }

    /// The trailing metadata, which is there once all messages were read.
    pub(crate) async fn trailers(&mut self) -> Result<Option<MetadataMap>, Status> {
        poll_fn(|cx| self.poll_trailers(cx)).await
    }

    pub(crate) fn poll_trailers(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<MetadataMap>, Status>> {
        match &mut self.messages {
            Some(messages) => pin!(messages.trailers()).poll(cx),
            None => Poll::Ready(Ok(None)),
        }
    }

    /// Takes messages as they come, and keeps some, for a call that is to go on while nobody reads.
    pub(crate) fn read_ahead(&mut self, cx: &mut Context<'_>) {
        while self.bytes_ahead <= AHEAD
            && let Poll::Ready(Some(message)) = self.poll_wire(cx)
        {
            self.bytes_ahead += len_on_the_wire(&message);
            self.ahead.push_back(message);
        }
    }

    fn poll_wire(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, Status>>> {
        let Self { messages, requests, ended, cutoff, watches, .. } = self;
        let Some(stream) = messages.as_mut().filter(|_| !*ended) else { return Poll::Ready(None) };
        // First, because a stream that always has a message would outlive its deadline.
        let item = match cutoff.poll(cx) {
            Poll::Ready(status) => {
                // A handler in this process is to hear that its requests broke off, before it is dropped.
                let _ = Pin::new(stream).poll_next(cx);
                Some(Err(status))
            }
            Poll::Pending => ready!(Pin::new(stream).poll_next(cx))
                .map(|message| message.map_err(|status| cutoff.explain(grpc::show(status)))),
        };
        watches.tell(item.as_ref().map(|message| message.as_ref().map(Bytes::len)));
        match &item {
            Some(Ok(_)) => {}
            Some(Err(status)) => {
                if let Some(requests) = requests.take() {
                    requests.end(status);
                }
                *messages = None;
            }
            None => {
                if let Some(requests) = requests.take() {
                    requests.end(&Status::ok(""));
                }
                *ended = true;
            }
        }
        Poll::Ready(item)
    }
}

/// With what stands before a message, so that empty ones count too.
fn len_on_the_wire(message: &Result<Bytes, Status>) -> usize {
    5 + message.as_ref().map_or(0, Bytes::len)
}

impl Stream for Incoming {
    type Item = Result<Bytes, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let message = match self.ahead.pop_front() {
            Some(message) => {
                self.bytes_ahead -= len_on_the_wire(&message);
                Some(message)
            }
            None => ready!(self.poll_wire(cx)),
        };
        if let (Some(flags), Some(Ok(_))) = (&self.flags, &message) {
            self.was_compressed = flags.next();
        }
        Poll::Ready(message)
    }
}
