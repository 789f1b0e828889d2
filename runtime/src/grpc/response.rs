//! Examines a response before anything decodes it: what passes is what gRPC allows, everything else ends the call with gRPC's status.
//!
//! `Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only`. `Implementations should expect broken deployments to
//! send non-200 HTTP status codes in responses as well as a variety of non-GRPC content-types and to omit Status & Status-Message.`
//! Whoever reads the body afterwards finds whole messages that may be received, and then either trailers that say OK or an error.

use std::mem;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};
use http_body::{Body as HttpBody, Frame};
use http_body_util::BodyExt;
use tonic::Status;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;

use super::body::BodyFrame;
use super::boundary::{Boundary, Compression, Flags};
use super::compression::find;
use super::content_type::{ContentType, content_type};
use super::decompress::Decompressor;
use super::headers::encoding;
use super::status::{make_ok, read_status, remove_status};
use super::{GRPC_ENCODING, http_status, split_binary, transport_error};

/// The responses that a client can take.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acceptable<'a> {
    /// The largest message.
    pub(crate) limit: Option<usize>,
    pub(crate) encodings: &'a [CompressionEncoding],
    /// Whether the body tells an end of its stream from a reset, as hyper's does.
    pub(crate) knows_its_end: bool,
}

/// Looks at the head of `response`, and has its body looked at as it passes. Where messages may be compressed, their [`Flags`] are in the
/// extensions.
///
/// # Errors
///
/// The status of a `Trailers-Only`, or the one that stands for a response that is not gRPC's.
pub(crate) async fn examine(
    response: http::Response<Body>,
    acceptable: Acceptable<'_>,
) -> Result<http::Response<Examined>, Status> {
    let (mut head, mut body) = response.into_parts();
    split_binary(&mut head.headers);
    if content_type(&head.headers) == ContentType::Other {
        return Err(not_grpc(head.status, head.headers));
    }
    let (first, leading, ended) = if head.headers.contains_key(Status::GRPC_STATUS) {
        let (first, leading) = Box::pin(follow_status(&mut head.headers, &mut body)).await?;
        (first, leading, head.headers.contains_key(Status::GRPC_STATUS))
    } else {
        (None, None, false)
    };
    let compression = compression(&mut head.headers, acceptable.encodings);
    if let Compression::Accepted(flags, _) = &compression {
        head.extensions.insert(flags.clone());
    }
    let boundary = Boundary::new(acceptable.limit, compression);
    let body =
        Examined { body, first, leading, boundary, http: head.status, knows_its_end: acceptable.knows_its_end, ended };
    Ok(http::Response::from_parts(head, body))
}

/// Reads on behind `headers` with a status, which is the last word only if no other follows; leaves it there only if nothing does. Gives
/// what follows, and the error that the headers say: a success has its status in the trailers.
async fn follow_status(
    headers: &mut HeaderMap,
    body: &mut Body,
) -> Result<(Option<BodyFrame>, Option<Box<Status>>), Status> {
    let next = if body.is_end_stream() { None } else { body.frame().await };
    let Some(mut next) = next else {
        read_status(headers).unwrap_or(Ok(()))?;
        make_ok(headers);
        return Ok((None, None));
    };
    // A transport of gRPC-Web may miss the trailers behind headers that say it all, and call the response malformed.
    if next.is_err()
        && let Some(Err(status)) = read_status(headers)
    {
        return Err(status);
    }
    if let Ok(frame) = &mut next
        && let Some(trailers) = frame.trailers_mut()
        && !trailers.contains_key(Status::GRPC_STATUS)
    {
        read_status(headers).unwrap_or(Ok(()))?;
        make_ok(trailers);
    }
    let leading = read_status(headers).and_then(Result::err).map(Box::new);
    remove_status(headers);
    Ok((Some(next), leading))
}

/// Whether messages behind `headers` may be compressed. An encoding that was not accepted is taken out, for it matters only to messages
/// that have it, and tonic would refuse all.
fn compression(headers: &mut HeaderMap, accepted: &[CompressionEncoding]) -> Compression {
    let Some(encoding) = encoding(headers) else { return Compression::None };
    if let Some(accepted) = find(accepted, encoding.as_bytes()) {
        return Compression::Accepted(Flags::default(), Decompressor::new(accepted));
    }
    let refused = Compression::Refused(String::from_utf8_lossy(encoding.as_bytes()).into());
    headers.remove(GRPC_ENCODING);
    refused
}

/// The body of a response that was looked at. Its last piece is an error, or trailers that say OK.
pub(crate) struct Examined {
    body: Body,
    /// The frame before the rest of the body.
    first: Option<BodyFrame>,
    /// The error in the headers, for trailers that have no status.
    leading: Option<Box<Status>>,
    boundary: Boundary,
    http: StatusCode,
    knows_its_end: bool,
    ended: bool,
}

impl Examined {
    /// Whether its messages may be compressed.
    pub(crate) fn may_be_compressed(&self) -> bool {
        self.boundary.allows_compression()
    }

    /// The last frame, which has no messages.
    fn examine(&mut self, mut frame: Frame<Bytes>) -> BodyFrame {
        if let Some(trailers) = frame.trailers_mut() {
            self.ended = true;
            split_binary(trailers);
            read_status(trailers).unwrap_or_else(|| Err(self.missing(mem::take(trailers))))?;
            self.check_end()?;
            make_ok(trailers);
        }
        Ok(frame)
    }

    /// A success has only whole messages before it.
    fn check_end(&self) -> Result<(), Status> {
        self.boundary.check_end().map_err(|malformed| self.stand_in(malformed))
    }

    /// The status of a response that ends without trailers.
    fn end(&self) -> Status {
        if self.knows_its_end && !self.body.is_end_stream() {
            return transport_error::reset_as_end();
        }
        self.check_end().err().unwrap_or_else(|| self.missing(HeaderMap::new()))
    }

    /// `malformed`, unless HTTP says already why there is no message.
    fn stand_in(&self, malformed: Status) -> Status {
        if self.http == StatusCode::OK { malformed } else { self.missing(HeaderMap::new()) }
    }

    fn missing(&self, trailers: HeaderMap) -> Status {
        if let Some(leading) = &self.leading {
            return Status::clone(leading);
        }
        let message = match self.http {
            StatusCode::OK => "missing grpc-status: the response ended without saying how the call did".to_owned(),
            http => format!("missing grpc-status, for which HTTP status {http} stands in"),
        };
        Status::with_metadata(http_status::code(self.http), message, MetadataMap::from_headers(trailers))
    }
}

/// The status of a response with a content type that is not gRPC's. `If grpc-status was provided, it must be used`; but a success has
/// messages, which this has not.
fn not_grpc(http: StatusCode, mut headers: HeaderMap) -> Status {
    if let Some(Err(status)) = read_status(&headers) {
        return status;
    }
    let content_type = headers.get(CONTENT_TYPE).map(|value| String::from_utf8_lossy(value.as_bytes()));
    let message = format!(
        "HTTP status {http} and the content type `{}` are not a gRPC response; did a proxy answer, or another server?",
        content_type.unwrap_or_default(),
    );
    remove_status(&mut headers);
    Status::with_metadata(http_status::code(http), message, MetadataMap::from_headers(headers))
}

impl HttpBody for Examined {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<BodyFrame>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let piece = loop {
            if let Some(messages) = self.boundary.next() {
                break messages.map(Frame::data).map_err(|malformed| self.stand_in(malformed));
            }
            let piece = match self.first.take() {
                Some(first) => Some(first),
                None => ready!(Pin::new(&mut self.body).poll_frame(cx)),
            };
            match piece.map(|piece| piece.map(Frame::into_data)) {
                Some(Ok(Ok(data))) => self.boundary.take(data),
                Some(Ok(Err(trailers))) => break self.examine(trailers),
                Some(Err(status)) => break Err(transport_error::status_of_loss(status)),
                None => break Err(self.end()),
            }
        };
        self.ended |= piece.is_err();
        Poll::Ready(Some(piece))
    }

    fn is_end_stream(&self) -> bool {
        self.ended
    }
}
