//! The messages of a response, encoded: as they came to a client, as a handler gives them, or in place of either.

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
use crate::streaming::{Incoming, Link, Unanswered};
#[cfg(feature = "tracing")]
use crate::traces::{Scope, Scoped};

/// The outcome of a call: the metadata of its response, and the messages, as bytes.
pub type Answer = Response<Messages>;

/// The messages of a response, encoded: those of the call, or others in place of them.
///
/// An interceptor that answers by itself makes them; one message is also a stream of one:
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
    /// Told of each as it is on the wire, where it gets there.
    pub(super) on_sent: OnMessage,
}

enum MessagesSource {
    /// The one response of a call.
    One(Bytes),
    /// The responses that a client receives.
    Received(Box<Incoming>),
    /// The response of a handler.
    Handled(Content),
    Given(EncodedStream),
}

impl Messages {
    /// One message.
    #[must_use]
    pub fn one<M: Message>(message: &M) -> Self {
        Self::of(MessagesSource::One(Frame::encode(message).into_message()))
    }

    /// The messages of `stream`, up to the status that it may end with.
    #[must_use]
    pub fn stream<M: Message>(stream: impl ServerStream<M>) -> Self {
        Self::of(MessagesSource::Given(Box::pin(stream.map(|message| Encoded::of_stream(message?)))))
    }

    /// The messages of `stream`, each encoded and uncompressed, up to the status that it may end with.
    #[must_use]
    pub fn from_encoded(stream: impl Stream<Item = Result<Bytes, Status>> + Send + 'static) -> Self {
        Self::of(MessagesSource::Given(Box::pin(stream.map(|message| message.map(Encoded::One)))))
    }

    /// These messages, each encoded and uncompressed, up to the status that they may end with; to be stored, changed, cut off or delayed
    /// on their way.
    ///
    /// The trailers of a success are not among them. On a server, the [`Trailers`](crate::Trailers) of its handler follow
    /// whatever the interceptor gives in their place, as long as it gives them in the same response; those of a client are lost, as are
    /// those of a service inside of a [`layer`](fn@super::layer).
    ///
    /// ```
    /// use rgrpc::{Status, intercept::{Answer, Head, Messages, Next}};
    /// use tokio_stream::StreamExt;
    ///
    /// /// Breaks off streams after two messages, to see what becomes of their readers.
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

    /// The length of the only message, if it is here.
    pub(super) fn len_of_one(&self) -> Option<usize> {
        match &self.source {
            MessagesSource::One(message) => Some(message.len()),
            MessagesSource::Handled(content) => content.len_of_one(),
            MessagesSource::Received(_) | MessagesSource::Given(_) => None,
        }
    }

    /// Tells `watch` of these messages: now if there is one, otherwise as they pass.
    pub(crate) fn watch(&mut self, mut watch: Watch) {
        match self.len_of_one() {
            Some(len) => {
                watch.on_message.tell(len);
                watch.end(ok());
            }
            None => self.watches.push(watch),
        }
    }

    /// Has these messages polled and dropped within `scope`.
    #[cfg(feature = "tracing")]
    pub(crate) fn run_within(&mut self, scope: Scope) {
        let source = mem::replace(&mut self.source, MessagesSource::One(Bytes::new()));
        self.source = match source {
            MessagesSource::Handled(content) => MessagesSource::Handled(content.within(scope)),
            MessagesSource::Given(messages) => MessagesSource::Given(Box::pin(Scoped::new(messages, scope))),
            source @ (MessagesSource::One(_) | MessagesSource::Received(_)) => source,
        };
    }

    /// These messages, for a client that expects one.
    pub(super) fn into_one(self) -> Result<Bytes, Box<Incoming>> {
        match self.source {
            MessagesSource::One(message) => Ok(message),
            _ => Err(Box::new(self.into_incoming(Termination::default(), None))),
        }
    }

    /// These messages, for a client that expects a stream; those that were not received end with `termination`, and `requests` hear of it,
    /// others have both.
    pub(super) fn into_incoming(self, termination: Termination, requests: Option<Arc<Link>>) -> Incoming {
        if let MessagesSource::Received(messages) = self.source {
            return messages.watched_by(self.watches);
        }
        let responses = Incoming::local_responses(self.into_stream(), Some(usize::MAX));
        responses.until(termination).to(requests.map(Unanswered::hearing))
    }

    /// These messages, for a server; those that no handler gave are `given`, with the trailers in the `extensions` of the answer.
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
