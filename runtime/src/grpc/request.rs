//! Takes a request before tonic reads it; gives one with the same messages, which ends with gRPC's status at one that cannot be received,
//! and as cancelled where its client is gone.
//!
//! `Request → Request-Headers *Length-Prefixed-Message EOS`: a request is complete with the end of its stream, not with a reset, whatever
//! its code is.

use super::{
    boundary::{Boundary, Compression, Flags},
    cancelled,
    decompress::Decompressor,
};
use bytes::Bytes;
use http::{HeaderMap, Uri, Version, header::HOST};
use http_body::{Body as HttpBody, Frame};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tonic::{Status, body::Body, codec::CompressionEncoding};

/// How many messages a request is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// One, which is complete with its last byte.
    One,
    Stream,
}

/// Has the body of `request` looked at as it passes; `limit` is the size of the largest message. Messages may be `compressed`: then their
/// flags are noted.
pub(crate) fn examine_request(
    request: http::Request<Body>,
    expected: Expected,
    limit: Option<usize>,
    compressed: Option<(CompressionEncoding, Flags)>,
) -> http::Request<ExaminedRequest> {
    let accepted = |(encoding, flags)| Compression::Accepted(flags, Decompressor::new(encoding));
    let compression = compressed.map_or(Compression::None, accepted);
    let is_http2 = request.version() >= Version::HTTP_2;
    let knows_its_end = expected == Expected::Stream && is_http2 && came_by_network(request.uri(), request.headers());
    request.map(|body| ExaminedRequest {
        body,
        boundary: Boundary::new(limit, compression),
        error: None,
        knows_its_end,
    })
}

/// Whether a request came over a network: then it names its target, by an authority or a `host` (RFC 9113, 8.3.1), which clients in the same
/// process leave out.
pub(crate) fn came_by_network(uri: &Uri, headers: &HeaderMap) -> bool {
    uri.authority().is_some() || headers.contains_key(HOST)
}

/// The body of a request that was looked at.
pub(crate) struct ExaminedRequest {
    body: Body,
    boundary: Boundary,
    /// Why the next message cannot be received.
    error: Option<Status>,
    /// Whether the body tells an end of its stream from a reset with `NO_ERROR`, as hyper's does; the bodies of clients in the same
    /// process do not, and end only when they are complete.
    knows_its_end: bool,
}

impl HttpBody for ExaminedRequest {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { body, boundary, error, knows_its_end } = &mut *self;
        if let Some(status) = error.take() {
            return Poll::Ready(Some(Err(status)));
        }
        Poll::Ready(match ready!(Pin::new(&mut *body).poll_frame(cx)) {
            Some(Ok(frame)) => Some(match frame.into_data() {
                Ok(data) => boundary.pass_all(data, error).map(Frame::data),
                Err(trailers) => boundary.check_end().map(|()| trailers),
            }),
            Some(Err(status)) => Some(Err(cancelled::hide(status))),
            None if *knows_its_end && !body.is_end_stream() => Some(Err(cancelled::broken_off())),
            None => boundary.check_end().err().map(Err),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.error.is_none() && self.body.is_end_stream()
    }
}
