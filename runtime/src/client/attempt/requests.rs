//! The encoded requests of a call, from which each attempt sends.

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
use crate::grpc::{self, Batch, BoxFill, Filled, Flags, Frame, MessageSource, OneFrame, cancelled};
use crate::intercept::OnMessage;
use crate::server::RequestBody;
use crate::streaming::{Cancel, Link, Outgoing};

/// The encoded requests of a call.
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

    fn of(messages: BoxFill, link: Option<Arc<Link>>) -> Self {
        Self::Stream(Replay::new(RequestStream::new(messages, link)))
    }

    /// [`Self::for_run`] for the last run of the call, which needs no copy of the one message.
    pub(crate) fn into_last_run(self, on_message: &OnMessage) -> Result<Self, Status> {
        match self {
            Self::One(frame) => {
                on_message.tell(frame.len());
                Ok(Self::One(frame))
            }
            stream @ Self::Stream(_) => stream.for_run(on_message),
        }
    }

    /// The messages from the beginning, for a run of the call by an interceptor; `on_message` observes each.
    pub(crate) fn for_run(&self, on_message: &OnMessage) -> Result<Self, Status> {
        match self {
            Self::One(frame) => {
                on_message.tell(frame.len());
                Ok(Self::One(frame.clone()))
            }
            Self::Stream(messages) => {
                let lost =
                    || Status::internal("an interceptor ran the call again, but its requests are no longer buffered");
                messages.for_run(on_message).map(Self::Stream).ok_or_else(lost)
            }
        }
    }

    /// Limits the size of messages. A single message is checked at once; the receiver gets the status of a stream that exceeds the limit.
    pub(crate) fn limit(&self, size: Option<usize>) -> Result<Option<oneshot::Receiver<Status>>, Status> {
        match self {
            Self::One(message) => codec::check_size(message.len(), size).map(|()| None),
            Self::Stream(messages) => {
                let (sender, receiver) = oneshot::channel();
                messages.with_stream(|stream| (stream.limit, stream.failure) = (size, Some(sender)));
                Ok(Some(receiver))
            }
        }
    }

    /// The link between the call and the sender of its requests.
    pub(crate) fn link(&self) -> Option<Arc<Link>> {
        match self {
            Self::One(_) => None,
            Self::Stream(messages) => messages.with_stream(|stream| stream.link.clone())?,
        }
    }

    /// Whether all messages sent so far are buffered.
    pub(crate) fn are_buffered(&self) -> bool {
        match self {
            Self::One(_) => true,
            Self::Stream(messages) => messages.is_buffered(),
        }
    }

    /// Limits the buffer of a stream.
    pub(crate) fn limit_buffer(&self, bytes: usize) {
        if let Self::Stream(messages) = self {
            messages.limit_buffer(bytes);
        }
    }

    /// The messages from the beginning, for a hedged attempt, if all are buffered; and the signal that ends the attempt.
    #[cfg(feature = "retry")]
    pub(crate) fn for_hedge(&self) -> Option<(Self, Option<Superseded>)> {
        match self {
            Self::One(frame) => Some((Self::One(frame.clone()), None)),
            Self::Stream(messages) => {
                messages.for_hedge().map(|(messages, superseded)| (Self::Stream(messages), Some(superseded)))
            }
        }
    }

    /// The body of an uncompressed attempt, and the handle that cancels a stream. Of an `only` attempt, nothing is buffered.
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

    /// The messages of an attempt that tonic sends. Of an `only` attempt, nothing is buffered.
    pub(crate) fn attempt(&mut self, chosen: Option<(Arc<Compressing>, Flags)>, only: bool) -> TonicRequests {
        match self {
            Self::One(frame) => TonicRequests::one(frame.clone(), chosen),
            Self::Stream(messages) => TonicRequests::stream(messages.attempt(only), chosen),
        }
    }

    /// The messages for a server in this process, and the handle that cancels a stream.
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

    /// Whether any message may be compressed.
    pub(crate) fn may_compress(&self, compressing: &Compressing) -> bool {
        match self {
            Self::One(frame) => compressing.of(frame.len()).is_some(),
            Self::Stream(_) => true,
        }
    }

    /// Drops the buffer: the messages will not be sent again.
    pub(crate) fn commit(&mut self) {
        if let Self::Stream(messages) = mem::take(self) {
            messages.commit();
        }
    }
}

/// A stream of requests for a server in this process.
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

/// The stream of requests of an attempt.
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
