//! Takes a request before tonic reads it; gives one with the same messages, which ends with gRPC's status at one that cannot be received.

use super::{
    boundary::{Boundary, Compression},
    is_compressed,
};
use bytes::Bytes;
use http_body::{Body as HttpBody, Frame};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tonic::{Status, body::Body};

/// Has the body of `request` looked at as it passes; `limit` is the size of the largest message.
pub(crate) fn examine_request(request: http::Request<Body>, limit: Option<usize>) -> http::Request<Body> {
    // Whether the server accepts the encoding, tonic checks.
    let compression = if is_compressed(request.headers()) { Compression::Accepted } else { Compression::None };
    request.map(|body| Body::new(Requested { body, boundary: Boundary::new(limit, compression), error: None }))
}

struct Requested {
    body: Body,
    boundary: Boundary,
    /// Why the next message cannot be received.
    error: Option<Status>,
}

impl HttpBody for Requested {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { body, boundary, error } = &mut *self;
        if let Some(status) = error.take() {
            return Poll::Ready(Some(Err(status)));
        }
        let Some(frame) = ready!(Pin::new(body).poll_frame(cx)).transpose()? else { return Poll::Ready(None) };
        Poll::Ready(Some(match frame.into_data() {
            Ok(data) => boundary.pass_all(data, error).map(Frame::data),
            Err(trailers) => Ok(trailers),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.error.is_none() && self.body.is_end_stream()
    }
}
