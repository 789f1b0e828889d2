//! The encoded messages of an answer: received by a client, returned by a handler, or made by an interceptor.

use std::fmt;
#[cfg(feature = "tracing")]
use std::mem;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use futures_core::Stream;
use prost::Message;
use tokio_stream::StreamExt;
use tonic::{Extensions, Response, Status};

use super::watch::{Watched, ok};
use super::{OnMessage, Watch, Watches};
use crate::ServerStream;
use crate::deadline::termination::Termination;
use crate::grpc::Frame;
use crate::grpc::codec::{Encoded, EncodedStream};
use crate::server::{Bounds, Content};
use crate::streaming::{Incoming, Link, RequestsGuard};
#[cfg(feature = "tracing")]
use crate::traces::{Scope, Scoped};

/// The successful outcome of a call: the metadata of its response, and its encoded messages.
pub type Answer = Response<Messages>;

/// The encoded messages of a response.
///
/// An interceptor passes on those of the call, or makes others. One message also serves as a stream of one:
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::User;
/// use rgrpc::{Response, Status, intercept::{Answer, Head, Messages, Next}};
///
/// async fn maintenance(head: Head, next: Next) -> Result<Answer, Status> {
///     match head.method().map(|method| method.name()) {
///         Some("GetUser") => Ok(Response::new(Messages::one(&User { id: "nobody".into(), n: 0 }))),
///         _ => next.run(head).await,
///     }
/// }
/// ```
pub struct Messages {
    source: MessagesSource,
    watches: Watches,
    /// Observes each message on the wire, if it gets there.
    pub(super) on_sent: OnMessage,
}

enum MessagesSource {
    /// A single message.
    One(Bytes),
    /// The responses of a client's call.
    Received(Box<Incoming>),
    /// The responses of a handler.
    Handled(Content),
    Given(EncodedStream),
}

impl Messages {
    /// Makes a response of one message.
    #[must_use]
    pub fn one<M: Message>(message: &M) -> Self {
        Self::of(MessagesSource::One(Frame::encode(message).into_message()))
    }

    /// Makes a response of the messages of `stream`. An error ends the call with that status.
    #[must_use]
    pub fn stream<M: Message>(stream: impl ServerStream<M>) -> Self {
        Self::of(MessagesSource::Given(Box::pin(stream.map(|message| Encoded::of_stream(message?)))))
    }

    /// Makes a response of the encoded, uncompressed messages of `stream`. An error ends the call with that status.
    #[must_use]
    pub fn from_encoded(stream: impl Stream<Item = Result<Bytes, Status>> + Send + 'static) -> Self {
        Self::of(MessagesSource::Given(Box::pin(stream.map(|message| message.map(Encoded::One)))))
    }

    /// The messages as a stream, each encoded and uncompressed, so that they can be stored, changed or delayed. An error is the status of the
    /// call.
    ///
    /// The stream has no trailers. On a server, the [`Trailers`](crate::Trailers) of the handler are still sent after the messages that the
    /// interceptor returns in the same response. On a client, and for a service inside of a [`layer`](fn@super::layer), they are lost.
    ///
    /// ```
    /// use rgrpc::{Status, intercept::{Answer, Head, Messages, Next}};
    /// use tokio_stream::StreamExt;
    ///
    /// /// Breaks streams after two messages, to test their readers.
    /// async fn fail(head: Head, next: Next) -> Result<Answer, Status> {
    ///     let lost = tokio_stream::once(Err(Status::unavailable("lost, for a test")));
    ///     let answer = next.run(head).await?;
    ///     Ok(answer.map(|messages| Messages::from_encoded(messages.into_encoded().take(2).chain(lost))))
    /// }
    /// ```
    pub fn into_encoded(self) -> impl Stream<Item = Result<Bytes, Status>> + Send + 'static {
        self.into_stream().map(|message| message.map(Encoded::into_bytes))
    }

    pub(super) fn of_one(message: Bytes) -> Self {
        Self::of(MessagesSource::One(message))
    }

    pub(super) fn received(messages: Incoming) -> Self {
        Self::of(MessagesSource::Received(Box::new(messages)))
    }

    pub(crate) fn handled(content: Content) -> Self {
        Self::of(MessagesSource::Handled(content))
    }

    fn of(source: MessagesSource) -> Self {
        Self { source, watches: Watches::default(), on_sent: OnMessage::default() }
    }

    /// The length of a single message.
    pub(super) fn len_of_one(&self) -> Option<usize> {
        match &self.source {
            MessagesSource::One(message) => Some(message.len()),
            MessagesSource::Handled(content) => content.len_of_one(),
            MessagesSource::Received(_) | MessagesSource::Given(_) => None,
        }
    }

    /// Reports the messages to `watch`: a single one now, those of a stream as they pass.
    pub(crate) fn watch(&mut self, mut watch: Watch) {
        match self.len_of_one() {
            Some(len) => {
                watch.on_message.tell(len);
                watch.end(ok());
            }
            None => self.watches.push(watch),
        }
    }

    /// Polls and drops the messages within `scope`.
    #[cfg(feature = "tracing")]
    pub(crate) fn run_within(&mut self, scope: Scope) {
        let source = mem::replace(&mut self.source, MessagesSource::One(Bytes::new()));
        self.source = match source {
            MessagesSource::Handled(content) => MessagesSource::Handled(content.within(scope)),
            MessagesSource::Given(messages) => MessagesSource::Given(Box::pin(Scoped::new(messages, scope))),
            source @ (MessagesSource::One(_) | MessagesSource::Received(_)) => source,
        };
    }

    /// The single message for a client, or else the stream.
    pub(super) fn into_one(self) -> Result<Bytes, Box<Incoming>> {
        match self.source {
            MessagesSource::One(message) => Ok(message),
            _ => Err(Box::new(self.into_incoming(Termination::default(), None))),
        }
    }

    /// The stream of messages for a client. Unlike received messages, those of an interceptor get the `termination` of the call, and the link to
    /// its `requests`.
    pub(super) fn into_incoming(self, termination: Termination, requests: Option<Arc<Link>>) -> Incoming {
        if let MessagesSource::Received(messages) = self.source {
            return messages.watched_by(self.watches);
        }
        let responses = Incoming::local_responses(self.into_stream(), Some(usize::MAX));
        responses.until(termination).to(requests.map(RequestsGuard::hearing))
    }

    /// The content of a server's response. Messages of an interceptor get the bounds `given`. The trailers are in the `extensions` of the answer.
    pub(super) fn into_content(self, extensions: &mut Extensions, given: Bounds) -> Content {
        let trailers = extensions.remove();
        match self.source {
            MessagesSource::Handled(content) => content.watched_by(self.watches),
            _ => Content::given(self.into_stream(), given),
        }
        .followed_by(trailers)
    }

    fn into_stream(self) -> EncodedStream {
        let messages: EncodedStream = match self.source {
            MessagesSource::One(message) => Box::pin(tokio_stream::once(Ok(Encoded::One(message)))),
            MessagesSource::Received(messages) => Pin::from(messages),
            MessagesSource::Handled(content) => content.into_messages(),
            MessagesSource::Given(messages) => messages,
        };
        if self.watches.is_empty() {
            return messages;
        }
        Box::pin(Watched { messages, watches: self.watches })
    }
}

impl fmt::Debug for Messages {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Messages").finish_non_exhaustive()
    }
}
