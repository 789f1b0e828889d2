//! A body with a stream of messages: as many of their frames at once as are ready, and in a response the trailers.
//!
//! `Request → Request-Headers *Length-Prefixed-Message EOS` and `Response → (Response-Headers *Length-Prefixed-Message Trailers)`, with
//! `Trailers → Status [Status-Message] *Custom-Metadata`.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame};
use tonic::Status;

use super::{Batch, Filled, trailers};

/// The messages of a body.
pub(crate) trait MessageSource {
    /// Writes the messages that are ready, until the batch is full.
    fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled;
}

/// A body with the messages of `S`.
pub(crate) struct MessageBody<S> {
    source: S,
    side: BodySide,
    /// The size of the last piece.
    last: usize,
    /// Whether the last piece was full: then other tasks run before the next one, among them the connection that sends this one.
    yields: bool,
    end: BodyEnd,
}

/// The sender of the messages, which determines how they end.
enum BodySide {
    /// The end of the messages ends the HTTP/2 stream; a failure resets it.
    Client,
    /// The messages end with trailers that hold the status.
    Server,
}

/// The frame that is still to come after the messages.
enum BodyEnd {
    NotYet,
    Trailers(HeaderMap),
    Reset(Status),
    Past,
}

impl<S> MessageBody<S> {
    pub(crate) fn requests(source: S) -> Self {
        Self { source, side: BodySide::Client, last: 0, yields: false, end: BodyEnd::NotYet }
    }

    pub(crate) fn responses(source: S) -> Self {
        Self { source, side: BodySide::Server, last: 0, yields: false, end: BodyEnd::NotYet }
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
            if mem::take(&mut self.yields) {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let mut batch = Batch::after(self.last);
            let filled = self.source.fill(cx, &mut batch);
            self.end = self.end(filled);
            self.yields = batch.is_full();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grpc::codec::Encoded;
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        task::{Wake, Waker},
    };

    /// A source that always has more messages.
    struct Endless;

    impl MessageSource for Endless {
        fn fill(&mut self, _: &mut Context<'_>, batch: &mut Batch) -> Filled {
            while !batch.is_full() {
                batch.put_message(Encoded::One(Bytes::from_static(&[0; 1000])));
            }
            Filled::Paused
        }
    }

    #[derive(Default)]
    struct Wakes(AtomicUsize);

    impl Wake for Wakes {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    #[test]
    fn other_tasks_run_after_each_full_piece() {
        let counter = Arc::new(Wakes::default());
        let waker = Waker::from(counter.clone());
        let mut body = MessageBody::responses(Endless);
        for turn in 0..3 {
            let mut poll = || Pin::new(&mut body).poll_frame(&mut Context::from_waker(&waker));
            let Poll::Ready(Some(Ok(piece))) = poll() else { panic!("there is always a piece") };
            assert!(piece.data_ref().is_some_and(|data| data.len() >= 32 * 1024));
            assert!(poll().is_pending());
            assert_eq!(counter.0.load(Ordering::Relaxed), turn + 1);
        }
    }
}
