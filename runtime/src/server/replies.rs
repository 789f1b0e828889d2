//! Takes a handler's stream of responses; gives their bytes, up to the deadline and within the size limit, and the status at the end.

use super::{Trailers, bounds::Bounds, panics::Catch};
use crate::{
    ServerStream,
    codec::{self, Encoded, EncodedStream},
    compression::Compressing,
    cutoff::Cutoff,
    deadline::{self, Deadline},
    grpc::Sent,
    intercept::Watches,
};
use futures_core::Stream;
use prost::Message;
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tokio_stream::StreamExt;
use tonic::{Status, metadata::MetadataMap};

/// The encoded messages of a response. After an error it is empty, and the handler's stream is dropped.
pub(crate) struct Replies {
    messages: Option<EncodedStream>,
    pub(super) compressing: Option<Compressing>,
    pub(super) trailers: Option<Trailers>,
    cutoff: Cutoff,
    inherited: Option<Deadline>,
    catch: Catch,
    pub(super) watches: Watches,
}

/// The bytes of `messages`, none of which is over the limit.
pub(super) fn encode<M: Message>(messages: impl ServerStream<M>, limit: Option<usize>) -> EncodedStream {
    Box::pin(messages.map(move |message| {
        let message = Encoded::of_stream(&message?);
        codec::check_size(message.len(), limit)?;
        Ok(message)
    }))
}

impl Replies {
    /// The responses as they are.
    pub(super) fn new(messages: EncodedStream, Bounds { deadline, inherited, catch }: Bounds) -> Self {
        Self {
            messages: Some(messages),
            compressing: None,
            trailers: None,
            cutoff: Cutoff::at(deadline),
            inherited,
            catch,
            watches: Watches::default(),
        }
    }

    /// Has the handler's stream polled and dropped within `scope`.
    #[cfg(feature = "tracing")]
    pub(super) fn run_within(&mut self, scope: crate::traces::Scope) {
        let messages = self.messages.take();
        self.messages = messages.map(|messages| Box::pin(crate::traces::Scoped::new(messages, scope)) as EncodedStream);
    }

    /// The next message of the handler, whose stream is dropped at its end.
    fn poll_handler(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<Encoded, Status>>> {
        let Self { messages, cutoff, inherited, catch, .. } = self;
        let polled = catch.run(|| {
            let Some(stream) = messages else { return Poll::Ready(None) };
            let item = match cutoff.poll(cx) {
                Poll::Ready(status) => Some(Err(status)),
                Poll::Pending => ready!(deadline::enter(*inherited, || stream.as_mut().poll_next(cx))),
            };
            if !matches!(item, Some(Ok(_))) {
                *messages = None;
            }
            Poll::Ready(item)
        });
        polled.unwrap_or_else(|status| {
            // What panicked is not dropped as if it had not.
            let _ = catch.run(|| *messages = None);
            Poll::Ready(Some(Err(status)))
        })
    }

    /// `status` with the trailers before its own metadata.
    fn with_trailers(&self, mut status: Status) -> Status {
        if let Some(trailers) = &self.trailers {
            let mut headers = trailers.take().into_headers();
            headers.extend(std::mem::take(status.metadata_mut()).into_headers());
            *status.metadata_mut() = MetadataMap::from_headers(headers);
        }
        status
    }
}

impl Stream for Replies {
    type Item = Result<Sent, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let was_open = self.messages.is_some();
        let message = ready!(self.poll_handler(cx));
        self.watches.tell(message.as_ref().map(|message| message.as_ref().map(Encoded::len)));
        Poll::Ready(match message {
            Some(Ok(message)) => {
                let encoding = self.compressing.as_ref().and_then(|compressing| compressing.of(message.len()));
                Some(Ok((message, encoding)))
            }
            Some(Err(status)) => Some(Err(self.with_trailers(status))),
            None if was_open && self.trailers.is_some() => Some(Err(self.with_trailers(Status::ok("")))),
            None => None,
        })
    }
}
