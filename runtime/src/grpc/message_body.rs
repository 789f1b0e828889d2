//! The body of a stream of messages: their frames, as many at once as are ready; in a response, before the trailers.
//!
//! `Request → Request-Headers *Length-Prefixed-Message EOS` and `Response → (Response-Headers *Length-Prefixed-Message Trailers)`, with
//! `Trailers → Status [Status-Message] *Custom-Metadata`.

use super::{Batch, Filled, trailers};
use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame};
use std::{
    mem,
    pin::Pin,
    task::{Context, Poll},
};
use tonic::Status;

/// A writer of the messages of a body.
pub(crate) trait MessageSource {
    fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled;
}

/// The messages of `S`.
pub(crate) struct MessageBody<S> {
    source: S,
    side: BodySide,
    /// The size of the last piece.
    last: usize,
    end: BodyEnd,
}

/// Whose messages they are, which says how they end.
enum BodySide {
    /// With the stream of HTTP/2; one that fails is reset.
    Client,
    /// With trailers that have the status; messages that just end are OK.
    Server,
}

enum BodyEnd {
    NotYet,
    Trailers(HeaderMap),
    Reset(Status),
    Past,
}

impl<S> MessageBody<S> {
    pub(crate) fn requests(source: S) -> Self {
        Self { source, side: BodySide::Client, last: 0, end: BodyEnd::NotYet }
    }

    pub(crate) fn responses(source: S) -> Self {
        Self { source, side: BodySide::Server, last: 0, end: BodyEnd::NotYet }
    }

    fn end(&self, filled: Filled) -> BodyEnd {
        match (&self.side, filled) {
            (_, Filled::Paused) => BodyEnd::NotYet,
            (BodySide::Client, Filled::Ended) => BodyEnd::Past,
            (BodySide::Client, Filled::Failed(status)) => BodyEnd::Reset(status),
            (BodySide::Server, Filled::Ended) => BodyEnd::Trailers(trailers(&Status::ok(""))),
            (BodySide::Server, Filled::Failed(status)) => BodyEnd::Trailers(trailers(&status)),
        }
    }
}

impl<S: MessageSource + Unpin> HttpBody for MessageBody<S> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        if let BodyEnd::NotYet = self.end {
            let mut batch = Batch::after(self.last);
            let filled = self.source.fill(cx, &mut batch);
            self.end = self.end(filled);
            if !batch.is_empty() {
                self.last = batch.len();
                return Poll::Ready(Some(Ok(Frame::data(batch.into_bytes()))));
            }
        }
        match mem::replace(&mut self.end, BodyEnd::Past) {
            BodyEnd::NotYet => {
                self.end = BodyEnd::NotYet;
                Poll::Pending
            }
            BodyEnd::Trailers(trailers) => Poll::Ready(Some(Ok(Frame::trailers(trailers)))),
            BodyEnd::Reset(status) => Poll::Ready(Some(Err(status))),
            BodyEnd::Past => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.end, BodyEnd::Past)
    }
}
