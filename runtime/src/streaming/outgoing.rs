//! Streams of requests that end the call where they fail: by a sender, or of results.

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

/// How many messages may wait for the transport.
const WAITING: usize = 16;

/// Makes a sender of requests, and the stream of them that a call takes.
///
/// The stream is over when the sender [finishes](Sender::finish). A sender that is dropped before, perhaps because its task panicked,
/// cancels the call, so that the server does not take the requests that have arrived for all there are.
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
/// Both halves can go to tasks of their own.
pub fn channel<M: Send + 'static>() -> (Sender<M>, Outgoing<M>) {
    let (messages, receiver) = mpsc::channel(WAITING);
    let link = Arc::new(Link::default());
    let queue = Queue { messages: receiver, link: link.clone() };
    (Sender { messages, link: link.clone() }, Outgoing { messages: Box::pin(queue), link: Some(link) })
}

/// Sends the requests of a call; [`channel`] makes it.
///
/// Dropped before it [finishes](Self::finish), it cancels the call, which ends with `CANCELLED` at both ends.
#[must_use = "a sender that is dropped cancels its call"]
pub struct Sender<M> {
    messages: mpsc::Sender<M>,
    link: Arc<Link>,
}

impl<M> Sender<M> {
    /// Sends `message`, once few enough others wait for the transport: a server that does not read holds up its client.
    ///
    /// A call that was [started](crate::Call::start) makes progress meanwhile; of the responses that come, 64 KiB are kept until they
    /// are asked for.
    ///
    /// # Errors
    ///
    /// The status with which the call has ended. `FAILED_PRECONDITION` if that was `OK`, or if it comes behind responses that were not read
    /// yet. The message is lost.
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

    /// Ends the requests: the server hears that these are all.
    pub fn finish(self) {
        self.link.end_requests(RequestsEnd::Complete);
    }

    /// Cancels the call, as dropping the sender does.
    pub fn cancel(self) {
        drop(self);
    }

    /// Ends the call with `status`. The server hears that it was cancelled.
    pub fn fail(self, status: Status) {
        self.link.end_requests(RequestsEnd::Failed(status));
    }
}

impl<M> fmt::Debug for Sender<M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

/// Requests that may fail: every method that takes a stream of messages takes one of these.
///
/// The first error ends the call with that status. The server hears that the call was cancelled, so that it does not take the requests that
/// have arrived for all there are.
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
/// Give it to the call as it is, or in a [`Request`](crate::Request). A stream around it could not tell the call of the error, so there it
/// never ends after one.
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

    /// Returns `stream` as one of these, if it is one.
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

/// The messages of a sender, and how they end.
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
