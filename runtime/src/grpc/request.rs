//! Examines the body of a request: decompresses its messages, and ends it with a status at a message that cannot be received, or with
//! `CANCELLED` when the client is gone.
//!
//! `Request → Request-Headers *Length-Prefixed-Message EOS`: only the end of its stream completes a request; a reset does not, whatever its
//! code.

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

/// How many messages a request must have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// One; its last byte completes the request.
    One,
    Stream,
}

/// How a request arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arrival {
    InProcess,
    /// Over the network, as far as the extensions tell.
    OverNetwork,
}

impl Arrival {
    /// How the request with these `extensions` arrived. Clients of tonic and of this crate put the method there, and no network carries
    /// extensions; headers prove nothing, since any client can send or omit them.
    pub(crate) fn of(extensions: &Extensions) -> Self {
        if extensions.get::<GrpcMethod<'static>>().is_some() { Self::InProcess } else { Self::OverNetwork }
    }
}

/// Wraps the body of `request` in one that examines it. Messages may have up to `limit` bytes, and may be `compressed`: then their flags are
/// recorded.
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

/// The examined body of a request.
pub(crate) struct ExaminedRequest {
    body: Body,
    boundary: Boundary,
    /// Whether `is_end_stream` of the body distinguishes the end of its stream from a reset with `NO_ERROR`, as hyper's does. The bodies of
    /// clients in the same process do not; they end only when they are complete.
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
