//! The body of a stream of messages: their frames, as many at once as are ready; in a response, before the trailers.
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
    /// Whether that was full: others run before there is more of it, and the connection that it goes out on is one of them.
    gives_way: bool,
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
        Self { source, side: BodySide::Client, last: 0, gives_way: false, end: BodyEnd::NotYet }
    }

    pub(crate) fn responses(source: S) -> Self {
        Self { source, side: BodySide::Server, last: 0, gives_way: false, end: BodyEnd::NotYet }
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
            if mem::take(&mut self.gives_way) {
                cx.waker().wake_by_ref();
                return Poll::Pending;
            }
            let mut batch = Batch::after(self.last);
            let filled = self.source.fill(cx, &mut batch);
            self.end = self.end(filled);
            self.gives_way = batch.is_full();
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

    /// Never out of messages.
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
    fn others_run_after_each_full_piece() {
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
