//! Takes a handler's stream of responses; gives their bytes, up to the deadline and within the size limit.

use crate::{
    Deadline, ServerStream,
    codec::{self, Encoded},
    cutoff::Cutoff,
};
use futures_core::Stream;
use prost::Message;
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio_stream::StreamExt;
use tonic::Status;

type Messages = Pin<Box<dyn Stream<Item = Result<Encoded, Status>> + Send>>;

/// The encoded messages of a response. After an error it is empty, and the handler's stream is dropped.
pub(crate) struct Replies {
    messages: Option<Messages>,
    cutoff: Cutoff,
}

impl Replies {
    pub(crate) fn new<M: Message>(
        messages: impl ServerStream<M>,
        limit: Option<usize>,
        deadline: Option<Deadline>,
    ) -> Self {
        let encoded = messages.map(move |message| {
            let message = Encoded::of_stream(&message?);
            codec::check_size(message.len(), limit)?;
            Ok(message)
        });
        Self { messages: Some(Box::pin(encoded)), cutoff: Cutoff::at(deadline) }
    }
}

impl Stream for Replies {
    type Item = Result<Encoded, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { messages, cutoff } = &mut *self;
        let Some(stream) = messages else { return Poll::Ready(None) };
        let item = match cutoff.poll(cx) {
            Poll::Ready(status) => Some(Err(status)),
            Poll::Pending => ready!(stream.as_mut().poll_next(cx)),
        };
        if !matches!(item, Some(Ok(_))) {
            *messages = None;
        }
        Poll::Ready(item)
    }
}
