//! Examines the body of a request as it passes: uncompresses its messages, ends with a status at one that cannot be received, and as
//! cancelled where the client is gone.
//!
//! `Request → Request-Headers *Length-Prefixed-Message EOS`: a request is complete with the end of its stream, not with a reset, whatever
//! its code is.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Version;
use http_body::{Body as HttpBody, Frame};
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::{Extensions, GrpcMethod, Status};

use super::boundary::{Boundary, Compression, Flags};
use super::cancelled;
use super::decompress::Decompressor;

/// How many messages a request is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// One, which is complete with its last byte.
    One,
    Stream,
}

/// The way by which a request arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    InProcess,
    /// As far as is known.
    OverNetwork,
}

impl Arrival {
    /// That of the request with these `extensions`, which no network carries: clients of tonic and of this crate put the method there. What
    /// the headers say or leave out, any client may.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        if extensions.get::<GrpcMethod<'static>>().is_some() { Self::InProcess } else { Self::OverNetwork }
    }
}

/// Has the body of `request` looked at as it passes; `limit` is the size of the largest message. Messages may be `compressed`: then their
/// flags are noted.
pub(crate) fn examine_request(
    request: http::Request<Body>,
    arrival: Arrival,
    expected: Expected,
    limit: Option<usize>,
    compressed: Option<(CompressionEncoding, Flags)>,
) -> http::Request<ExaminedRequest> {
    let accepted = |(encoding, flags)| Compression::Accepted(flags, Decompressor::new(encoding));
    let compression = compressed.map_or(Compression::None, accepted);
    let is_http2 = request.version() >= Version::HTTP_2;
    let knows_its_end = expected == Expected::Stream && is_http2 && arrival == Arrival::OverNetwork;
    request.map(|body| ExaminedRequest { body, boundary: Boundary::new(limit, compression), knows_its_end })
}

/// The body of a request that was looked at.
pub(crate) struct ExaminedRequest {
    body: Body,
    boundary: Boundary,
    /// Whether the body tells an end of its stream from a reset with `NO_ERROR`, as hyper's does; the bodies of clients in the same
    /// process do not, and end only when they are complete.
    knows_its_end: bool,
}

impl HttpBody for ExaminedRequest {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { body, boundary, knows_its_end } = &mut *self;
        Poll::Ready(loop {
            if let Some(messages) = boundary.next() {
                break Some(messages.map(Frame::data));
            }
            match ready!(Pin::new(&mut *body).poll_frame(cx)).map(|frame| frame.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => boundary.take(data),
                Some(Ok(Err(trailers))) => break Some(boundary.check_end().map(|()| trailers)),
                Some(Err(status)) => break Some(Err(cancelled::if_lost(status))),
                None if *knows_its_end && !body.is_end_stream() => break Some(Err(cancelled::broken_off())),
                None => break boundary.check_end().err().map(Err),
            }
        })
    }
}
