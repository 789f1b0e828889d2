//! Streams of messages: the requests of a call and its responses, on either side.
//!
//! [`Streaming`] is one type for messages that arrive and for any other stream of messages. [`channel`] makes a sender of messages.

mod incoming;
mod link;
mod message_stream;
mod outgoing;
mod server_stream;
mod source;
mod started;

use std::fmt;
use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll};

use futures_core::Stream;
use prost::Message;
use tokio_stream::StreamExt;
use tonic::Status;
use tonic::metadata::MetadataMap;

use crate::grpc::codec::ReceivedMessage;

pub(crate) use incoming::{Cancel, Incoming, RequestsGuard};
pub(crate) use link::{Drive, Link};
pub(crate) use message_stream::SyncMessageStream;
pub use outgoing::{Outgoing, Sender, channel};
pub use server_stream::ServerStream;
pub use started::Started;

/// A stream of messages: the requests that a handler receives, or the responses to a call.
///
/// It can also be made of any stream or list of messages, so that a test can call a handler directly:
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::User;
/// use rgrpc::{Request, Response, Status, Streaming};
///
/// async fn create_users(request: Request<Streaming<User>>) -> Result<Response<User>, Status> {
///     let mut users = request.into_inner();
///     let mut n = 0;
///     while let Some(user) = users.message().await? {
///         n += user.n;
///     }
///     Ok(Response::new(User { n, ..User::default() }))
/// }
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Status> {
/// let users = vec![User { id: "a".into(), n: 1 }, User { id: "b".into(), n: 2 }];
/// let response = create_users(Request::new(Streaming::from(users))).await?;
/// assert_eq!(response.get_ref().n, 3);
/// # Ok(())
/// # }
/// ```
///
/// It is also a [`ServerStream`], so a handler can return one.
pub struct Streaming<T>(StreamingSource<T>);

enum StreamingSource<T> {
    Wire { bytes: Box<Incoming>, decode: fn(ReceivedMessage<'_>) -> Result<T, Status> },
    Local(SyncMessageStream<T>),
}

impl<T> Streaming<T> {
    /// The messages of `stream`.
    #[must_use]
    pub fn from_messages(stream: impl Stream<Item = T> + Send + 'static) -> Self
    where
        T: 'static,
    {
        Self::from_results(stream.map(Ok))
    }

    /// The messages of `stream`, up to the status that it may end with.
    #[must_use]
    pub fn from_results(stream: impl Stream<Item = Result<T, Status>> + Send + 'static) -> Self {
        Self(StreamingSource::Local(Mutex::new(Box::pin(stream))))
    }

    pub(crate) fn decoding(bytes: Incoming) -> Self
    where
        T: Message + Default,
    {
        Self(StreamingSource::Wire { bytes: Box::new(bytes), decode: |message| message.decode() })
    }

    /// Returns the next message, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// The status that the other side ended the call with; `DEADLINE_EXCEEDED` once the deadline has passed; `INTERNAL` for bytes that do not
    /// decode; `RESOURCE_EXHAUSTED` for a message over the size limit.
    pub async fn message(&mut self) -> Result<Option<T>, Status> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// Reads and drops the remaining messages, and returns the trailing metadata; `None` if there is none, and for a stream that was made
    /// of messages.
    ///
    /// # Errors
    ///
    /// Those of [`Streaming::message`].
    pub async fn trailers(&mut self) -> Result<Option<MetadataMap>, Status> {
        while self.message().await?.is_some() {}
        poll_fn(|cx| self.poll_trailers(cx)).await
    }

    pub(crate) fn poll_trailers(&mut self, cx: &mut Context<'_>) -> Poll<Result<Option<MetadataMap>, Status>> {
        match &mut self.0 {
            StreamingSource::Wire { bytes, .. } => bytes.poll_trailers(cx),
            StreamingSource::Local(_) => Poll::Ready(Ok(None)),
        }
    }

    /// Whether the last message arrived compressed; `false` before the first, and for a stream that was made of messages.
    #[must_use]
    pub fn was_compressed(&self) -> bool {
        match &self.0 {
            StreamingSource::Wire { bytes, .. } => bytes.was_compressed(),
            StreamingSource::Local(_) => false,
        }
    }

    pub(crate) fn read_ahead(&mut self, cx: &mut Context<'_>) {
        if let StreamingSource::Wire { bytes, .. } = &mut self.0 {
            bytes.read_ahead(cx);
        }
    }
}

impl<T> Stream for Streaming<T> {
    type Item = Result<T, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        match &mut self.0 {
            StreamingSource::Wire { bytes, decode } => {
                bytes.poll_message(cx).map(|item| item.map(|message| message.and_then(*decode)))
            }
            StreamingSource::Local(messages) => {
                messages.get_mut().unwrap_or_else(PoisonError::into_inner).as_mut().poll_next(cx)
            }
        }
    }
}

impl<T: Send + 'static> From<Vec<T>> for Streaming<T> {
    fn from(messages: Vec<T>) -> Self {
        Self::from_messages(tokio_stream::iter(messages))
    }
}

/// Makes a stream of responses of a [`channel`]. It ends with `CANCELLED` if the sender is dropped before it has finished, as by a task that
/// panics.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{GetUserRequest, User};
/// use rgrpc::{Request, Response, ServerStream, Status, Streaming, streaming};
///
/// async fn list_users(request: Request<GetUserRequest>) -> Result<Response<impl ServerStream<User>>, Status> {
///     let (mut users, outgoing) = streaming::channel();
///     tokio::spawn(async move {
///         for n in 0..3 {
///             users.send(User { id: "7".into(), n }).await?;
///         }
///         users.finish();
///         Ok::<_, Status>(())
///     });
///     Ok(Response::new(Streaming::from(outgoing)))
/// }
/// ```
impl<T: 'static> From<Outgoing<T>> for Streaming<T> {
    fn from(outgoing: Outgoing<T>) -> Self {
        let (messages, _) = outgoing.into_parts();
        Self(StreamingSource::Local(Mutex::new(messages)))
    }
}

impl<T> fmt::Debug for Streaming<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Streaming").finish_non_exhaustive()
    }
}
