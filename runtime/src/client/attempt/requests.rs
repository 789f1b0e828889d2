//! The requests of a call, encoded, for each of its attempts.

use std::future::Future;
use std::mem;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_core::Stream;
use prost::Message;
use tokio::sync::oneshot;
use tokio_stream::StreamExt;
use tonic::Status;
use tonic::body::Body;

use super::RequestStream;
use super::tonic_requests::TonicRequests;
#[cfg(feature = "retry")]
use crate::client::retry::replay::Superseded;
use crate::client::retry::replay::{AttemptRequests, Replay};
use crate::compression::Compressing;
use crate::grpc::codec::{self, Encoded};
use crate::grpc::{self, Batch, Filled, Filling, Flags, Frame, MessageSource, OneFrame, cancelled};
use crate::intercept::OnMessage;
use crate::server::RequestBody;
use crate::streaming::{Cancel, Link, Outgoing};

/// The encoded messages of a request, which may be sent again.
pub(crate) enum Requests {
    One(Frame),
    Stream(Replay),
}

impl Default for Requests {
    fn default() -> Self {
        Self::One(Frame::default())
    }
}

impl Requests {
    pub(crate) fn one<M: Message>(message: &M) -> Self {
        Self::One(Frame::encode(message))
    }

    pub(crate) fn stream<M: Message + 'static>(messages: impl Stream<Item = M> + Send + 'static) -> Self {
        match Outgoing::of(messages).map(Outgoing::into_parts) {
            Ok((messages, link)) => Self::of(Box::pin(messages), link),
            Err(messages) => Self::of(Box::pin(messages.map(Ok)), None),
        }
    }

    fn of(messages: Filling, link: Option<Arc<Link>>) -> Self {
        Self::Stream(Replay::new(RequestStream::new(messages, link)))
    }

    /// [`Self::again`], for the last run of the call: it needs no copy of the one message.
    pub(crate) fn at_last(self, on_message: &OnMessage) -> Result<Self, Status> {
        match self {
            Self::One(frame) => {
                on_message.tell(frame.len());
                Ok(Self::One(frame))
            }
            stream @ Self::Stream(_) => stream.again(on_message),
        }
    }

    /// The same messages from their beginning, for a run of the call that tells `on_message` of each.
    pub(crate) fn again(&self, on_message: &OnMessage) -> Result<Self, Status> {
        match self {
            Self::One(frame) => {
                on_message.tell(frame.len());
                Ok(Self::One(frame.clone()))
            }
            Self::Stream(messages) => {
                let lost =
                    || Status::internal("an interceptor ran the call again, and its requests cannot be sent again");
                messages.again(on_message).map(Self::Stream).ok_or_else(lost)
            }
        }
    }

    /// Holds the messages to `limit`: one that is here already at once, those of a stream by the status that arrives at the receiver.
    pub(crate) fn limit(&self, size: Option<usize>) -> Result<Option<oneshot::Receiver<Status>>, Status> {
        match self {
            Self::One(message) => codec::check_size(message.len(), size).map(|()| None),
            Self::Stream(messages) => {
                let (sender, receiver) = oneshot::channel();
                messages.set(|stream| (stream.limit, stream.failure) = (size, Some(sender)));
                Ok(Some(receiver))
            }
        }
    }

    /// The link between the call and the sender of its requests.
    pub(crate) fn link(&self) -> Option<Arc<Link>> {
        match self {
            Self::One(_) => None,
            Self::Stream(messages) => messages.set(|stream| stream.link.clone())?,
        }
    }

    /// Whether all messages can be sent again.
    pub(crate) fn are_kept(&self) -> bool {
        match self {
            Self::One(_) => true,
            Self::Stream(messages) => messages.are_kept(),
        }
    }

    /// Keeps at most so many bytes of a stream that is sent.
    pub(crate) fn keep_at_most(&self, bytes: usize) {
        if let Self::Stream(messages) = self {
            messages.keep_at_most(bytes);
        }
    }

    /// The same messages for an attempt beside others, if all of them can be sent again; and what tells that attempt to end.
    #[cfg(feature = "retry")]
    pub(crate) fn beside(&self) -> Option<(Self, Option<Superseded>)> {
        match self {
            Self::One(frame) => Some((Self::One(frame.clone()), None)),
            Self::Stream(messages) => {
                messages.beside().map(|(messages, superseded)| (Self::Stream(messages), Some(superseded)))
            }
        }
    }

    /// The body of an attempt that sends the messages as they are, the `only` one or one of several; and what breaks off a stream of them.
    pub(crate) fn body(&mut self, only: bool) -> (Body, Option<Cancel>) {
        match self {
            Self::One(frame) => (Body::new(OneFrame::request(frame.clone())), None),
            Self::Stream(messages) => {
                let (cancel, cancelled) = oneshot::channel();
                let sent = SentBody { messages: messages.attempt(only), cancelled };
                (Body::new(grpc::MessageBody::requests(sent)), Some(Cancel::Dropped(cancel)))
            }
        }
    }

    /// The messages, for an attempt that has tonic send them, the `only` one or one of several.
    pub(crate) fn attempt(&mut self, chosen: Option<(Arc<Compressing>, Flags)>, only: bool) -> TonicRequests {
        match self {
            Self::One(frame) => TonicRequests::one(frame.clone(), chosen),
            Self::Stream(messages) => TonicRequests::stream(messages.attempt(only), chosen),
        }
    }

    /// The messages for a server in this process, and what breaks off a stream of them.
    pub(crate) fn hand_over(self) -> (RequestBody, Option<Cancel>) {
        match self {
            Self::One(frame) => (RequestBody::One(frame), None),
            Self::Stream(messages) => {
                let (cancel, cancelled) = oneshot::channel();
                let handed = LocalRequests { stream: messages.take(), cancelled };
                (RequestBody::Many(Box::pin(handed)), Some(Cancel::Dropped(cancel)))
            }
        }
    }

    /// Whether any of the messages may be compressed.
    pub(crate) fn may_be(&self, compressing: &Compressing) -> bool {
        match self {
            Self::One(frame) => compressing.of(frame.len()).is_some(),
            Self::Stream(_) => true,
        }
    }

    /// Lets go of messages that will not be sent again.
    pub(crate) fn commit(&mut self) {
        if let Self::Stream(messages) = mem::take(self) {
            messages.commit();
        }
    }
}

/// The messages of a request as a server in this process receives them.
struct LocalRequests {
    stream: Option<RequestStream>,
    cancelled: oneshot::Receiver<()>,
}

impl Stream for LocalRequests {
    type Item = Result<Encoded, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let is_cancelled = Pin::new(&mut self.cancelled).poll(cx).is_ready();
        match self.stream.as_mut().filter(|_| !is_cancelled) {
            Some(stream) => Encoded::poll_next(|batch| stream.fill(cx, batch)),
            None => Poll::Ready(Some(Err(cancelled()))),
        }
    }
}

/// The messages of a request as an attempt sends them.
struct SentBody {
    messages: AttemptRequests,
    cancelled: oneshot::Receiver<()>,
}

impl MessageSource for SentBody {
    fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        if Pin::new(&mut self.cancelled).poll(cx).is_ready() {
            return Filled::Failed(grpc::reset_by_cancel());
        }
        match self.messages.fill(cx, batch) {
            Filled::Failed(_) => Filled::Failed(grpc::reset_by_cancel()),
            filled => filled,
        }
    }
}
