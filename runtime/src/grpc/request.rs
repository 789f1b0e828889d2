//! Takes a request before tonic reads it; gives one with the same messages, which ends with gRPC's status at one that cannot be received,
//! and as cancelled where its client is gone.
//!
//! `Request → Request-Headers *Length-Prefixed-Message EOS`: a request is complete with the end of its stream, not with a reset, whatever
//! its code is.

use super::{
    boundary::{Boundary, Compression, Flags},
    cancelled,
};
use bytes::Bytes;
use http::Version;
use http_body::{Body as HttpBody, Frame};
use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};
use tonic::{Status, body::Body};

/// How many messages a request is to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// One, which is complete with its last byte.
    One,
    Stream,
}

/// Has the body of `request` looked at as it passes; `limit` is the size of the largest message. With `flags`, messages may be compressed.
pub(crate) fn examine_request(
    request: http::Request<Body>,
    expected: Expected,
    limit: Option<usize>,
    flags: Option<Flags>,
) -> http::Request<Requested> {
    let compression = flags.map_or(Compression::None, Compression::Accepted);
    let knows_its_end = expected == Expected::Stream && came_by_network(&request);
    request.map(|body| Requested { body, boundary: Boundary::new(limit, compression), error: None, knows_its_end })
}

/// Whether hyper made the request: it has the authority of its target, which clients in the same process leave out.
fn came_by_network<B>(request: &http::Request<B>) -> bool {
    request.version() >= Version::HTTP_2 && request.uri().authority().is_some()
}

/// The body of a request that was looked at.
pub(crate) struct Requested {
    body: Body,
    boundary: Boundary,
    /// Why the next message cannot be received.
    error: Option<Status>,
    /// Whether the body tells an end of its stream from a reset with `NO_ERROR`, as hyper's does; the bodies of clients in the same
    /// process do not, and end only when they are complete.
    knows_its_end: bool,
}

impl HttpBody for Requested {
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
