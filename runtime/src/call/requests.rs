//! Takes the messages a client sends; gives their bytes, and ends the call, not the stream, where they fail.

use crate::{
    codec::{self, Encoded},
    grpc::Frame,
    streaming::{Link, Outgoing},
};
use futures_core::Stream;
use prost::Message;
use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};
use tokio::sync::oneshot;
use tokio_stream::StreamExt;
use tonic::{CancellationHandle, Status};

/// The encoded messages of a request.
pub(crate) enum Requests {
    One(Option<Frame>),
    Stream(Many),
}

/// A stream of encoded messages, and what is to hear that it failed.
pub(crate) struct Many {
    messages: Pin<Box<dyn Stream<Item = Result<Encoded, Status>> + Send>>,
    link: Option<Arc<Link>>,
    limit: Option<usize>,
    failure: Option<oneshot::Sender<Status>>,
    cancellation: Option<CancellationHandle>,
}

impl Requests {
    pub(crate) fn one<M: Message>(message: &M) -> Self {
        Self::One(Some(Frame::encode(message)))
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
        Self::Stream(Many { messages: Box::pin(messages), link, limit: None, failure: None, cancellation: None })
    }

    /// Holds the messages to `limit`: one that is here already at once, those of a stream by the status that arrives at the receiver.
    pub(crate) fn limit(&mut self, size: Option<usize>) -> Result<Option<oneshot::Receiver<Status>>, Status> {
        match self {
            Self::One(message) => {
                message.as_ref().map_or(Ok(()), |message| codec::check_size(message.len(), size)).map(|()| None)
            }
            Self::Stream(many) => {
                let (sender, receiver) = oneshot::channel();
                many.limit = size;
                many.failure = Some(sender);
                Ok(Some(receiver))
            }
        }
    }

    /// Has requests that fail break off the request.
    pub(crate) fn cancel_by(&mut self, handle: CancellationHandle) {
        if let Self::Stream(many) = self {
            many.cancellation = Some(handle);
        }
    }

    /// The size of the only message.
    pub(crate) fn len_of_one(&self) -> Option<usize> {
        match self {
            Self::One(message) => message.as_ref().map(Frame::len),
            Self::Stream(_) => None,
        }
    }

    /// What the call and the sender of its requests share.
    pub(crate) fn link(&self) -> Option<Arc<Link>> {
        match self {
            Self::One(_) => None,
            Self::Stream(many) => many.link.clone(),
        }
    }
}

impl Many {
    /// Ends the call. The server must not take the messages so far for all of them, so this stream has no end.
    fn fail(&mut self, status: Status) {
        self.messages = Box::pin(tokio_stream::pending());
        if let Some(failure) = self.failure.take() {
            let _ = failure.send(status);
        }
        if let Some(cancellation) = self.cancellation.take() {
            cancellation.cancel();
        }
    }
}

impl Stream for Requests {
    type Item = Encoded;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Encoded>> {
        let many = match self.get_mut() {
            Self::One(message) => return Poll::Ready(message.take().map(Encoded::from)),
            Self::Stream(many) => many,
        };
        let message = ready!(many.messages.as_mut().poll_next(cx)).map(|message| {
            let message = message?;
            codec::check_size(message.len(), many.limit).map(|()| message)
        });
        match message {
            Some(Ok(message)) => Poll::Ready(Some(message)),
            Some(Err(status)) => {
                many.fail(status);
                Poll::Pending
            }
            None => Poll::Ready(None),
        }
    }
}
