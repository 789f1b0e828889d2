//! Takes the messages a client sends; gives their bytes, and reports one that is too large instead of sending it.

use crate::{
    codec::{self, Encoded},
    grpc::Frame,
};
use futures_core::Stream;
use prost::Message;
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tokio::sync::oneshot;
use tokio_stream::StreamExt;
use tonic::Status;

/// The encoded messages of a request.
pub(crate) enum Requests {
    One(Option<Frame>),
    Stream {
        messages: Pin<Box<dyn Stream<Item = Encoded> + Send>>,
        limit: Option<usize>,
        failure: Option<oneshot::Sender<Status>>,
    },
}

impl Requests {
    pub(crate) fn one<M: Message>(message: &M) -> Self {
        Self::One(Some(Frame::encode(message)))
    }

    pub(crate) fn stream<M: Message>(messages: impl Stream<Item = M> + Send + 'static) -> Self {
        let messages = messages.map(|message| Encoded::of_stream(&message));
        Self::Stream { messages: Box::pin(messages), limit: None, failure: None }
    }

    /// Holds the messages to `limit`: one that is here already at once, those of a stream by the status that arrives at the receiver.
    pub(crate) fn limit(&mut self, size: Option<usize>) -> Result<Option<oneshot::Receiver<Status>>, Status> {
        match self {
            Self::One(message) => {
                message.as_ref().map_or(Ok(()), |message| codec::check_size(message.len(), size)).map(|()| None)
            }
            Self::Stream { limit, failure, .. } if size.is_some() => {
                let (sender, receiver) = oneshot::channel();
                *limit = size;
                *failure = Some(sender);
                Ok(Some(receiver))
            }
            Self::Stream { .. } => Ok(None),
        }
    }

    /// The size of the only message.
    pub(crate) fn len_of_one(&self) -> Option<usize> {
        match self {
            Self::One(message) => message.as_ref().map(Frame::len),
            Self::Stream { .. } => None,
        }
    }
}

impl Stream for Requests {
    type Item = Encoded;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Encoded>> {
        match self.get_mut() {
            Self::One(message) => Poll::Ready(message.take().map(Encoded::from)),
            Self::Stream { messages, limit, failure } => match messages.as_mut().poll_next(cx) {
                Poll::Ready(Some(message)) => match codec::check_size(message.len(), *limit) {
                    Ok(()) => Poll::Ready(Some(message)),
                    // The server must not take the messages so far for all of them: the stream stays open until the call, which has
                    // the status, drops it.
                    Err(status) => {
                        *messages = Box::pin(tokio_stream::pending());
                        if let Some(failure) = failure.take() {
                            let _ = failure.send(status);
                        }
                        Poll::Pending
                    }
                },
                other => other,
            },
        }
    }
}
