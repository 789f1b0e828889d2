//! Takes the messages a client sends; gives their bytes, again for another attempt, and ends the call, not the stream, where they fail.

#[cfg(feature = "retry")]
use super::replay::Over;
use super::replay::{Attempt, Replay};
use crate::{
    codec::{self, Encoded, EncodedStream},
    compression::Compressing,
    grpc::{Flags, Frame, cancelled},
    intercept::OnMessage,
    server::Requested,
    streaming::{Cancel, Link, Outgoing},
};
use futures_core::Stream;
use prost::Message;
use std::{
    future::Future,
    mem,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::sync::oneshot;
use tokio_stream::StreamExt;
use tonic::{CancellationHandle, Status};

/// The encoded messages of a request, which may be sent again.
pub(crate) enum Requests {
    One(Frame),
    Stream(Replay),
}

/// A stream of encoded messages, and what is to hear that it failed.
pub(crate) struct Many {
    /// Nothing, once they have failed.
    messages: Option<EncodedStream>,
    link: Option<Arc<Link>>,
    limit: Option<usize>,
    failure: Option<oneshot::Sender<Status>>,
    cancellation: Option<CancellationHandle>,
    pub(super) on_message: OnMessage,
}

/// Messages that failed, as the call has heard.
struct Failed;

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
            Ok((messages, link)) => Self::encoding(messages, link),
            Err(messages) => Self::encoding(messages.map(Ok), None),
        }
    }

    fn encoding<M: Message>(
        messages: impl Stream<Item = Result<M, Status>> + Send + 'static,
        link: Option<Arc<Link>>,
    ) -> Self {
        let messages = messages.map(|message| message.map(|message| Encoded::of_stream(&message)));
        Self::Stream(Replay::new(Many {
            messages: Some(Box::pin(messages)),
            link,
            limit: None,
            failure: None,
            cancellation: None,
            on_message: OnMessage::default(),
        }))
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
                messages.set(|many| (many.limit, many.failure) = (size, Some(sender)));
                Ok(Some(receiver))
            }
        }
    }

    /// What the call and the sender of its requests share.
    pub(crate) fn link(&self) -> Option<Arc<Link>> {
        match self {
            Self::One(_) => None,
            Self::Stream(messages) => messages.set(|many| many.link.clone())?,
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
    pub(super) fn beside(&self) -> Option<(Self, Option<Over>)> {
        match self {
            Self::One(frame) => Some((Self::One(frame.clone()), None)),
            Self::Stream(messages) => messages.beside().map(|(messages, over)| (Self::Stream(messages), Some(over))),
        }
    }

    /// The messages, for an attempt to send them, the `only` one or one of several.
    pub(crate) fn attempt(&mut self, chosen: Option<(Arc<Compressing>, Flags)>, only: bool) -> Sending {
        let messages = match self {
            Self::One(frame) => Messages::One(Some(frame.clone())),
            Self::Stream(messages) => Messages::Stream(messages.attempt(only)),
        };
        Sending { messages, chosen }
    }

    /// The messages for a server in this process, and what breaks off a stream of them.
    pub(crate) fn hand_over(self) -> (Requested, Option<Cancel>) {
        match self {
            Self::One(frame) => (Requested::One(frame), None),
            Self::Stream(messages) => {
                let (cancel, cancelled) = oneshot::channel();
                let handed = Handed { many: messages.take(), cancelled };
                (Requested::Many(Box::pin(handed)), Some(Cancel::InProcess(cancel)))
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
struct Handed {
    many: Option<Many>,
    cancelled: oneshot::Receiver<()>,
}

impl Stream for Handed {
    type Item = Result<Encoded, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let is_cancelled = Pin::new(&mut self.cancelled).poll(cx).is_ready();
        Poll::Ready(match self.many.as_mut().filter(|_| !is_cancelled) {
            Some(many) => {
                let message = ready!(many.poll_message(cx));
                message.map(|message| message.map(|message| many.told(message)).map_err(|Failed| cancelled()))
            }
            None => Some(Err(cancelled())),
        })
    }
}

/// The messages of a request as an attempt sends them.
pub(crate) struct Sending {
    messages: Messages,
    /// Hears which of the messages are to be compressed.
    chosen: Option<(Arc<Compressing>, Flags)>,
}

enum Messages {
    One(Option<Frame>),
    Stream(Attempt),
}

impl Sending {
    /// Has requests that fail break off the request.
    pub(crate) fn cancel_by(&mut self, handle: CancellationHandle) {
        if let Messages::Stream(messages) = &mut self.messages {
            messages.set(|many| many.cancellation = Some(handle));
        }
    }
}

impl Many {
    /// The next message, unless they fail, which ends the call.
    fn poll_message(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Encoded, Failed>>> {
        // The server must not take the messages so far for all of them, so a stream that has failed has no end.
        let Some(messages) = &mut self.messages else { return Poll::Pending };
        let message = ready!(messages.as_mut().poll_next(cx)).map(|message| {
            let message = message?;
            codec::check_size(message.len(), self.limit).map(|()| message)
        });
        Poll::Ready(message.map(|message| message.map_err(|status| self.fail(status))))
    }

    /// The next message, of which whoever asks is to tell.
    pub(super) fn poll_untold(&mut self, cx: &mut Context<'_>) -> Poll<Option<Encoded>> {
        match ready!(self.poll_message(cx)) {
            Some(Ok(message)) => Poll::Ready(Some(message)),
            Some(Err(Failed)) => {
                self.messages = None;
                if let Some(cancellation) = self.cancellation.take() {
                    cancellation.cancel();
                }
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }

    fn told(&self, message: Encoded) -> Encoded {
        self.on_message.tell(message.len());
        message
    }

    pub(super) fn have_failed(&self) -> bool {
        self.messages.is_none()
    }

    fn fail(&mut self, status: Status) -> Failed {
        if let Some(failure) = self.failure.take() {
            let _ = failure.send(status);
        }
        Failed
    }
}

impl Stream for Many {
    type Item = Encoded;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Encoded>> {
        Poll::Ready(ready!(self.poll_untold(cx)).map(|message| self.told(message)))
    }
}

impl Stream for Sending {
    type Item = Encoded;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Encoded>> {
        let message = match &mut self.messages {
            Messages::One(frame) => frame.take().map(Encoded::from),
            Messages::Stream(messages) => ready!(Pin::new(messages).poll_next(cx)),
        };
        if let (Some(message), Some((compressing, chosen))) = (&message, &self.chosen) {
            chosen.push(compressing.of(message.len()).is_some());
        }
        Poll::Ready(message)
    }
}
