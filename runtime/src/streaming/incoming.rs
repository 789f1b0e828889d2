//! The stream of encoded messages that the other side sends, up to the deadline.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures_core::Stream;
use tokio::sync::oneshot;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::{CancellationHandle, Status};

use super::Link;
use super::source::{IncomingMessage, IncomingSource};
use crate::deadline::termination::Termination;
use crate::grpc::codec::{BytesCodec, Encoded, EncodedStream, ReceivedMessage};
use crate::grpc::{Flags, MessageReader};
use crate::in_process::Local;
use crate::intercept::Watches;

/// How many bytes of responses are read ahead: the initial window of an HTTP/2 stream.
const AHEAD: usize = 64 * 1024 - 1;

/// The requests of a call whose responses have not ended. Dropping this resets their stream, unless it is complete.
pub(crate) struct RequestsGuard {
    /// `None` if the requests do not depend on these responses.
    cancel: Option<Cancel>,
    link: Option<Arc<Link>>,
}

/// A handle that cancels a stream of requests.
pub(crate) enum Cancel {
    ByTonic(CancellationHandle),
    /// Cancels when it is dropped.
    Dropped(#[allow(dead_code, reason = "it is dropped")] oneshot::Sender<()>),
}

impl RequestsGuard {
    pub(crate) fn new(cancel: Cancel, link: Option<Arc<Link>>) -> Self {
        Self { cancel: Some(cancel), link }
    }

    /// Requests that are not cancelled, but whose sender is told how the call ends.
    pub(crate) fn hearing(link: Arc<Link>) -> Self {
        Self { cancel: None, link: Some(link) }
    }

    /// Tells the sender of the requests how the call ended.
    pub(crate) fn end(&self, outcome: &Result<(), Status>) {
        if let Some(link) = &self.link {
            link.end(outcome);
        }
    }
}

impl Drop for RequestsGuard {
    fn drop(&mut self) {
        if let Some(Cancel::ByTonic(requests)) = self.cancel.take() {
            requests.cancel();
        }
    }
}

/// The encoded messages that the other side sends. An error ends them, and cancels the call.
pub(crate) struct Incoming {
    messages: Option<IncomingSource>,
    /// The requests of the call, which must be cancelled when nobody wants the responses any more.
    requests: Option<RequestsGuard>,
    /// Whether the messages have ended: tonic reports a stream that is polled after its end as incomplete.
    ended: bool,
    termination: Termination,
    /// The flags of the messages to come, if they may be compressed.
    flags: Option<Flags>,
    was_compressed: bool,
    /// Messages that were read ahead.
    ahead: VecDeque<Result<Encoded, Status>>,
    bytes_ahead: usize,
    watches: Watches,
}

impl Incoming {
    /// The messages of a stream that tonic reads.
    pub(crate) fn by_tonic(messages: tonic::Streaming<Bytes>, flags: Option<Flags>) -> Self {
        Self::of(IncomingSource::ByTonic(messages), flags)
    }

    /// The messages of an examined body, and their `flags` if they may have been compressed.
    pub(crate) fn by_http(body: Body, flags: Option<Flags>) -> Self {
        Self::of(IncomingSource::ByHttp(MessageReader::new(body)), flags)
    }

    /// The requests of a client in the same process, each of at most `limit` bytes.
    pub(crate) fn local_requests(messages: EncodedStream, limit: Option<usize>) -> Self {
        Self::of(IncomingSource::Requests(Local::new(messages, limit)), None)
    }

    /// The responses of a server in the same process, each of at most `limit` bytes, and their trailers.
    pub(crate) fn local_responses(messages: EncodedStream, limit: Option<usize>) -> Self {
        Self::of(IncomingSource::Responses(Local::new(messages, limit)), None)
    }

    fn of(source: IncomingSource, flags: Option<Flags>) -> Self {
        Self {
            messages: Some(source),
            requests: None,
            ended: false,
            termination: Termination::default(),
            flags,
            was_compressed: false,
            ahead: VecDeque::new(),
            bytes_ahead: 0,
            watches: Watches::default(),
        }
    }

    /// The messages in the body of another service's response, which may be compressed.
    pub(crate) fn of_body(body: Body, encoding: Option<CompressionEncoding>) -> Self {
        let codec = BytesCodec::stream();
        let codec = if encoding.is_some() { codec } else { codec.receiving_uncompressed() };
        let messages = tonic::Streaming::new_response(codec, body, http::StatusCode::OK, encoding, Some(usize::MAX));
        Self::by_tonic(messages, None)
    }

    /// Ends the messages early by `termination`.
    pub(crate) fn until(self, termination: Termination) -> Self {
        Self { termination, ..self }
    }

    pub(crate) fn watched_by(mut self, watches: Watches) -> Self {
        self.watches.extend(watches);
        self
    }

    /// Makes these the responses to `requests`, which are cancelled with them.
    pub(crate) fn to(self, requests: Option<RequestsGuard>) -> Self {
        Self { requests, ..self }
    }

    /// The only message, a request or a response, as `what` says.
    ///
    /// # Errors
    ///
    /// `UNIMPLEMENTED` for any other number of messages, as gRPC's list of status codes defines for cardinality violations.
    pub(crate) async fn single_message(&mut self, what: &str) -> Result<Encoded, Status> {
        let Some(message) = self.message().await? else {
            return Err(Status::unimplemented(format!("expected one {what}, found none")));
        };
        match self.message().await? {
            None => Ok(message),
            Some(_) => Err(Status::unimplemented(format!("expected one {what}, found more"))),
        }
    }

    async fn message(&mut self) -> Result<Option<Encoded>, Status> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// The next message, in place if it is in a buffer.
    pub(crate) fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<ReceivedMessage<'_>, Status>>> {
        let message = match self.ahead.pop_front() {
            Some(message) => {
                self.bytes_ahead -= len_on_the_wire(&message);
                Some(message.map(IncomingMessage::Encoded))
            }
            None => ready!(self.poll_source(cx)),
        };
        if let (Some(flags), Some(Ok(_))) = (&self.flags, &message) {
            self.was_compressed = flags.next();
        }
        Poll::Ready(message.map(|message| message.map(|found| self.received(found))))
    }

    fn received(&self, found: IncomingMessage) -> ReceivedMessage<'_> {
        match found {
            IncomingMessage::Encoded(message) => ReceivedMessage::Encoded(message),
            IncomingMessage::InPlace => {
                ReceivedMessage::InPlace(self.messages.as_ref().map(IncomingSource::message).unwrap_or_default())
            }
        }
    }

    /// Whether the last message was compressed.
    pub(crate) fn was_compressed(&self) -> bool {
        self.was_compressed
    }

    /// The trailing metadata, which is available once all messages are read.
    pub(crate) async fn trailers(&mut self) -> Result<Option<MetadataMap>, Status> {
        poll_fn(|cx| self.poll_trailers(cx)).await
    }

    pub(crate) fn poll_trailers(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<MetadataMap>, Status>> {
        match &mut self.messages {
            Some(messages) => messages.poll_trailers(cx),
            None => Poll::Ready(Ok(None)),
        }
    }

    /// Reads messages ahead, up to [`AHEAD`] bytes, so that a call makes progress while nobody reads its responses.
    pub(crate) fn read_ahead(&mut self, cx: &mut Context<'_>) {
        while self.bytes_ahead <= AHEAD
            && let Poll::Ready(Some(found)) = self.poll_source(cx)
        {
            let message = found.map(|found| self.received(found).into_encoded());
            self.bytes_ahead += len_on_the_wire(&message);
            self.ahead.push_back(message);
        }
    }

    fn poll_source(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<IncomingMessage, Status>>> {
        let Self { messages, requests, ended, termination, watches, .. } = self;
        let Some(stream) = messages.as_mut().filter(|_| !*ended) else { return Poll::Ready(None) };
        // Checked first, because a stream that always has a message would outlive its deadline.
        let item = match termination.poll(cx) {
            Poll::Ready(status) => {
                // Lets a handler in this process see that its requests failed, before it is dropped.
                let _ = stream.poll_next(cx);
                Some(Err(status))
            }
            Poll::Pending => {
                ready!(stream.poll_next(cx)).map(|message| message.map_err(|status| termination.map_status(status)))
            }
        };
        if !watches.is_empty() {
            let len = |found: &IncomingMessage| found.len_in(stream);
            watches.tell(item.as_ref().map(|message| message.as_ref().map(len)));
        }
        match &item {
            Some(Ok(_)) => {}
            Some(Err(status)) => {
                if let Some(requests) = requests.take() {
                    requests.end(&Err(status.clone()));
                }
                *messages = None;
            }
            None => {
                if let Some(requests) = requests.take() {
                    requests.end(&Ok(()));
                }
                *ended = true;
            }
        }
        Poll::Ready(item)
    }
}

/// The length of a message with its prefix, so that empty ones count too.
fn len_on_the_wire(message: &Result<Encoded, Status>) -> usize {
    5 + message.as_ref().map_or(0, Encoded::len)
}

impl Stream for Incoming {
    type Item = Result<Encoded, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.poll_message(cx).map(|message| message.map(|message| message.map(ReceivedMessage::into_encoded)))
    }
}
