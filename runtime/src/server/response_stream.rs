//! The stream of responses of a handler: encodes them, within the deadline and the size limit, and ends them with a status.

use std::pin::Pin;
use std::task::{Context, Poll};

use futures_core::Stream;
use tonic::Status;
use tonic::metadata::MetadataMap;

use super::Trailers;
use super::bounds::Bounds;
use super::panics::Catch;
use crate::compression::Compressing;
use crate::deadline::termination::Termination;
use crate::deadline::{self, Deadline};
use crate::grpc::codec::Encoded;
use crate::grpc::{Batch, BoxFill, Filled, MessageSource, compress, custom};
use crate::intercept::Watches;

/// The messages of a response. An error ends them, and drops the handler's stream.
pub(crate) struct ResponseStream {
    messages: Option<BoxFill>,
    limit: Option<usize>,
    pub(super) compressing: Option<Compressing>,
    pub(super) trailers: Option<Trailers>,
    termination: Termination,
    inherited: Option<Deadline>,
    catch: Catch,
    pub(super) watches: Watches,
}

impl ResponseStream {
    /// Responses of at most `limit` bytes each, uncompressed and without trailers.
    pub(super) fn new(messages: BoxFill, limit: Option<usize>, bounds: Bounds) -> Self {
        let Bounds { deadline, inherited, catch } = bounds;
        Self {
            messages: Some(messages),
            limit,
            compressing: None,
            trailers: None,
            termination: Termination::at(deadline),
            inherited,
            catch,
            watches: Watches::default(),
        }
    }

    /// Polls and drops the handler's stream within `scope`.
    #[cfg(feature = "tracing")]
    pub(super) fn run_within(&mut self, scope: crate::traces::Scope) {
        let messages = self.messages.take();
        self.messages = messages.map(|messages| Box::pin(crate::traces::Scoped::new(messages, scope)) as BoxFill);
    }

    /// Writes the handler's next messages, unless the deadline has passed; drops its stream at the end.
    fn fill_by_handler(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        let Self { messages, limit, termination, inherited, catch, .. } = self;
        if messages.is_some()
            && let Poll::Ready(status) = termination.poll(cx)
        {
            let _ = catch.run(|| *messages = None);
            return Filled::Failed(status);
        }
        let start = batch.len();
        let filled = catch.run(|| {
            let Some(stream) = messages else { return Filled::Ended };
            let filled = deadline::enter(*inherited, || stream.as_mut().fill(cx, batch, *limit));
            if !matches!(filled, Filled::Paused) {
                *messages = None;
            }
            filled
        });
        filled.unwrap_or_else(|status| {
            batch.drop_part(start);
            // A stream that has panicked may panic again when it is dropped.
            let _ = catch.run(|| *messages = None);
            Filled::Failed(status)
        })
    }

    /// Writes the next messages uncompressed, and tells the watches of them.
    fn fill_as_they_are(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        let (was_open, start) = (self.messages.is_some(), batch.len());
        let filled = self.fill_by_handler(cx, batch);
        if !self.watches.is_empty() {
            batch.lengths(start).for_each(|len| self.watches.tell(Some(Ok(len))));
            match &filled {
                Filled::Paused => {}
                Filled::Ended => self.watches.tell(None),
                Filled::Failed(status) => self.watches.tell(Some(Err(status))),
            }
        }
        match filled {
            Filled::Failed(status) => Filled::Failed(self.with_trailers(status)),
            Filled::Ended if was_open && self.trailers.is_some() => Filled::Failed(self.with_trailers(Status::ok(""))),
            filled => filled,
        }
    }

    /// Adds the trailers to `status`, before its own metadata.
    fn with_trailers(&self, mut status: Status) -> Status {
        if let Some(trailers) = &self.trailers {
            let mut headers = custom(trailers.take());
            headers.extend(std::mem::take(status.metadata_mut()).into_headers());
            *status.metadata_mut() = MetadataMap::from_headers(headers);
        }
        status
    }
}

impl MessageSource for ResponseStream {
    fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        if self.compressing.is_none() {
            return self.fill_as_they_are(cx, batch);
        }
        // One by one, because the handler chooses for each whether it is compressed.
        while !batch.is_full() {
            let message = match Pin::new(&mut *self).poll_next(cx) {
                Poll::Pending => return Filled::Paused,
                Poll::Ready(None) => return Filled::Ended,
                Poll::Ready(Some(Err(status))) => return Filled::Failed(status),
                Poll::Ready(Some(Ok(message))) => message,
            };
            match self.compressing.as_ref().and_then(|compressing| compressing.of(message.len())) {
                Some(encoding) => match compress(message, encoding) {
                    Ok(frame) => batch.put(&frame),
                    Err(status) => return Filled::Failed(status),
                },
                None => batch.put_message(message),
            }
        }
        Filled::Paused
    }
}

/// Catches the panic of a handler's stream that is dropped before its end.
impl Drop for ResponseStream {
    fn drop(&mut self) {
        let Self { messages, catch, .. } = self;
        if messages.is_some() {
            let _ = catch.run(|| *messages = None);
        }
    }
}

/// Yields the messages one by one and uncompressed, for a client in the same process.
impl Stream for ResponseStream {
    type Item = Result<Encoded, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        Encoded::poll_next(|batch| self.fill_as_they_are(cx, batch))
    }
}
