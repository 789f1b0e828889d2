//! Reads the only message of a body from its first piece, or gives the body back as it was.
//!
//! In process, and in most small calls over HTTP/2, the first piece is exactly the message. But `DATA frame boundaries have no relation to
//! Length-Prefixed-Message boundaries`: a message in several pieces is for a `MessageReader` to join.

use std::pin::Pin;
use std::task::{Context, Poll};
use std::vec;

use bytes::Bytes;
use http::HeaderMap;
use http_body::Body as HttpBody;
use http_body_util::BodyExt;
use tonic::Status;
use tonic::body::Body;

use super::Frame;
use super::body::BodyFrame;

/// The only message of a body, and the trailers after it.
pub(crate) struct SingleMessage {
    pub(crate) frame: Frame,
    pub(crate) trailers: Option<HeaderMap>,
}

impl SingleMessage {
    /// A body like the one that this was read from.
    pub(crate) fn into_body(self) -> Body {
        let frame = http_body::Frame::data(self.frame.into_bytes());
        let trailers = self.trailers.map(http_body::Frame::trailers);
        ReplayedBody::body([Some(frame), trailers].into_iter().flatten().map(Ok).collect(), Body::empty())
    }
}

/// The only message of `body`, if it is the first piece, uncompressed and of at most `limit` bytes; the body otherwise.
pub(crate) async fn single_message<B>(mut body: B, limit: Option<usize>) -> Result<SingleMessage, Body>
where
    B: HttpBody<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    let data = match body.frame().await {
        None => return Err(Body::empty()),
        Some(Ok(first)) => first.into_data().map_err(Ok),
        Some(Err(status)) => Err(Err(status)),
    };
    let data = data.map_err(|first| ReplayedBody::body(vec![first], Body::empty()))?;
    let frame = match Frame::parse(data).and_then(|frame| frame.within(limit).map_err(Frame::into_bytes)) {
        Ok(frame) => frame,
        Err(data) => return Err(ReplayedBody::body(vec![Ok(http_body::Frame::data(data))], body)),
    };
    loop {
        return match body.frame().await {
            None => Ok(SingleMessage { frame, trailers: None }),
            // Many clients end their stream with an empty DATA frame.
            Some(Ok(next)) if next.data_ref().is_some_and(Bytes::is_empty) => continue,
            Some(Ok(next)) if next.is_trailers() => Ok(SingleMessage { frame, trailers: next.into_trailers().ok() }),
            Some(next) => Err(ReplayedBody::body(vec![Ok(http_body::Frame::data(frame.into_bytes())), next], body)),
        };
    }
}

/// A body that repeats what was read of it.
struct ReplayedBody<B> {
    read: vec::IntoIter<BodyFrame>,
    rest: B,
}

impl<B> ReplayedBody<B>
where
    B: HttpBody<Data = Bytes, Error = Status> + Send + Unpin + 'static,
{
    fn body(read: Vec<BodyFrame>, rest: B) -> Body {
        Body::new(Self { read: read.into_iter(), rest })
    }
}

impl<B> HttpBody for ReplayedBody<B>
where
    B: HttpBody<Data = Bytes, Error = Status> + Unpin,
{
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<BodyFrame>> {
        match self.read.next() {
            Some(piece) => Poll::Ready(Some(piece)),
            None => Pin::new(&mut self.rest).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.read.len() == 0 && self.rest.is_end_stream()
    }
}
