//! A body with one message: alone in a request, before the trailers in a response.
//!
//! `Request → Request-Headers *Length-Prefixed-Message EOS` and `Response → (Response-Headers *Length-Prefixed-Message Trailers) /
//! Trailers-Only`. In a request, the DATA frame of the message ends the stream; no empty frame follows it.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use http_body::Body as HttpBody;
use tonic::Status;

use super::Frame;

/// A frame of a body, or the status that the body fails with.
pub(super) type BodyFrame = Result<http_body::Frame<Bytes>, Status>;

pub(crate) struct OneFrame {
    frame: Option<Bytes>,
    trailers: Option<HeaderMap>,
}

impl OneFrame {
    pub(crate) fn request(frame: Frame) -> Self {
        Self { frame: Some(frame.into_bytes()), trailers: None }
    }

    /// `frame`, and then `Trailers → Status [Status-Message] *Custom-Metadata` with the status OK.
    pub(crate) fn response(frame: Bytes, custom: Option<HeaderMap>) -> Self {
        let mut trailers = custom.unwrap_or_else(|| HeaderMap::with_capacity(1));
        trailers.insert(Status::GRPC_STATUS, HeaderValue::from_static("0"));
        Self { frame: Some(frame), trailers: Some(trailers) }
    }
}

impl HttpBody for OneFrame {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Status>>> {
        let frame = self.frame.take().map(http_body::Frame::data);
        Poll::Ready(frame.or_else(|| self.trailers.take().map(http_body::Frame::trailers)).map(Ok))
    }

    fn is_end_stream(&self) -> bool {
        self.frame.is_none() && self.trailers.is_none()
    }
}
