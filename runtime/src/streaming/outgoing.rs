//! Streams of requests that can fail, and end the call with their status.

use std::any::Any;
use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use tokio::sync::mpsc;
use tonic::Status;

use super::link::{Link, RequestsEnd};
use super::message_stream::MessageStream;

/// How many messages a channel holds until the transport takes them.
const WAITING: usize = 16;

/// Makes a sender of requests, and the stream of them to call a method with.
///
/// The stream ends when the sender [finishes](Sender::finish). Dropping the sender before, as by a panic of its task, cancels the call: the
/// server must not take the requests that have arrived for all of them.
///
/// A call that is [started](crate::Call::start) sends requests before the server has answered:
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{User, user_service_client::UserServiceClient};
/// use rgrpc::{Status, streaming};
///
/// # async fn example(client: UserServiceClient) -> Result<(), Status> {
/// let (mut requests, outgoing) = streaming::channel();
/// let mut responses = client.chat(outgoing).start();
/// requests.send(User { id: "a".into(), n: 1 }).await?;
/// while let Some(user) = responses.message().await? {
///     match user.n {
///         ..100 => requests.send(user).await?,
///         _ => break,
///     }
/// }
/// requests.finish();
/// # Ok(())
/// # }
/// ```
///
/// The two halves can be moved to different tasks.
pub fn channel<M: Send + 'static>() -> (Sender<M>, Outgoing<M>) {
    let (messages, receiver) = mpsc::channel(WAITING);
    let link = Arc::new(Link::default());
    let queue = Queue { messages: receiver, link: link.clone() };
    (Sender { messages, link: link.clone() }, Outgoing { messages: Box::pin(queue), link: Some(link) })
}

/// Sends the requests of a call; [`channel`] makes it.
///
/// Dropping it before it [finishes](Self::finish) cancels the call, which ends with `CANCELLED` on both sides.
#[must_use = "a sender that is dropped cancels its call"]
pub struct Sender<M> {
    messages: mpsc::Sender<M>,
    link: Arc<Link>,
}

impl<M> Sender<M> {
    /// Sends `message`. Waits while 16 messages are queued, so that a server that does not read slows down its client.
    ///
    /// A call that was [started](crate::Call::start) makes progress meanwhile, and keeps up to 64 KiB of responses that are not read yet.
    ///
    /// # Errors
    ///
    /// The status that the call has ended with; `FAILED_PRECONDITION` if that was `OK`, or if unread responses come before it. The message is
    /// lost.
    pub async fn send(&mut self, message: M) -> Result<(), Status> {
        let Self { messages, link } = self;
        let mut place = pin!(messages.reserve());
        let place = poll_fn(|cx| {
            let mut free = place.as_mut().poll(cx);
            if free.is_pending() {
                let _ = link.drive(cx);
                free = place.as_mut().poll(cx);
            }
            free
        });
        match place.await {
            Ok(place) => {
                place.send(message);
                Ok(())
            }
            Err(_) => Err(poll_fn(|cx| link.poll_end(cx)).await),
        }
    }

    /// Ends the stream of requests: the server learns that it is complete.
    pub fn finish(self) {
        self.link.end_requests(RequestsEnd::Complete);
    }

    /// Cancels the call, as dropping the sender does.
    pub fn cancel(self) {
        drop(self);
    }

    /// Ends the call with `status`. The server sees the call as cancelled.
    pub fn fail(self, status: Status) {
        self.link.end_requests(RequestsEnd::Failed(status));
    }
}

impl<M> fmt::Debug for Sender<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

/// A stream of requests that may fail. Every method that takes a stream of messages accepts it.
///
/// The first error ends the call with that status. The server sees the call as cancelled, so that it does not take the requests that have
/// arrived for all of them.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{User, user_service_client::UserServiceClient};
/// use rgrpc::{Request, Response, Status, Streaming, streaming::Outgoing};
///
/// async fn pass_on(request: Request<Streaming<User>>, downstream: UserServiceClient) -> Result<Response<User>, Status> {
///     downstream.create_users(Outgoing::from_results(request.into_inner())).await
/// }
/// ```
///
/// Pass it to the method as it is, or in a [`Request`](crate::Request), and not wrapped in another stream: a wrapper cannot pass on the error,
/// so the stream inside stays pending after one.
pub struct Outgoing<M> {
    messages: MessageStream<M>,
    link: Option<Arc<Link>>,
}

impl<M: 'static> Outgoing<M> {
    /// The messages of `stream`, up to the status that it may end with.
    #[must_use]
    pub fn from_results(stream: impl Stream<Item = Result<M, Status>> + Send + 'static) -> Self {
        Self { messages: Box::pin(stream), link: None }
    }

    /// Downcasts `stream`; returns it if it is of another type.
    pub(crate) fn of<S: Stream<Item = M> + 'static>(stream: S) -> Result<Self, S> {
        let mut stream = Some(stream);
        match (&mut stream as &mut dyn Any).downcast_mut::<Option<Self>>().and_then(Option::take) {
            Some(outgoing) => Ok(outgoing),
            None => Err(stream.expect("only an `Outgoing` is taken out")),
        }
    }
}

impl<M> Outgoing<M> {
    pub(crate) fn into_parts(self) -> (MessageStream<M>, Option<Arc<Link>>) {
        (self.messages, self.link)
    }
}

impl<M: 'static> Stream for Outgoing<M> {
    type Item = M;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<M>> {
        match self.messages.as_mut().poll_next(cx) {
            Poll::Ready(Some(Ok(message))) => Poll::Ready(Some(message)),
            Poll::Ready(Some(Err(_))) => {
                self.messages = Box::pin(tokio_stream::pending());
                Poll::Pending
            }
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

impl<M> fmt::Debug for Outgoing<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outgoing").finish_non_exhaustive()
    }
}

/// The messages of a sender, up to the status that they may end with.
struct Queue<M> {
    messages: mpsc::Receiver<M>,
    link: Arc<Link>,
}

impl<M> Stream for Queue<M> {
    type Item = Result<M, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.messages.poll_recv(cx).map(|message| message.map(Ok).or_else(|| self.link.take_failure().map(Err)))
    }
}
