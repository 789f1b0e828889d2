//! Examines a response before anything decodes it: passes on what gRPC allows, and ends the call with gRPC's status otherwise.
//!
//! `Response → (Response-Headers *Length-Prefixed-Message Trailers) / Trailers-Only`. `Implementations should expect broken deployments to
//! send non-200 HTTP status codes in responses as well as a variety of non-GRPC content-types and to omit Status & Status-Message.`
//! The examined body has messages that may be received, and then trailers with the status OK, or an error.

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

/// The responses that a client accepts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Acceptable<'a> {
    /// The size of the largest message, in bytes.
    pub(crate) limit: Option<usize>,
    pub(crate) encodings: &'a [CompressionEncoding],
    /// Whether `is_end_stream` of the body distinguishes the end of its stream from a reset, as hyper's does.
    pub(crate) knows_its_end: bool,
}

/// Examines the headers of `response`, and wraps its body in one that examines it. If messages may be compressed, the extensions hold their
/// [`Flags`].
///
/// # Errors
///
/// The status of a `Trailers-Only`, or the status that a response which is not gRPC's maps to.
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

/// Handles `headers` that have a status: it is the status of the call only if no other follows in the body. Returns the next frame of the
/// body, and the error in the headers, if there is one; keeps a status of OK in the headers only if the body is empty.
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
    // A gRPC-Web transport may expect trailers even after a `Trailers-Only`, and report the response as malformed.
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

/// Whether the messages after `headers` may be compressed. Removes an encoding that was not accepted: it concerns only compressed messages,
/// and tonic would refuse all of them.
fn compression(headers: &mut HeaderMap, accepted: &[CompressionEncoding]) -> Compression {
    let Some(encoding) = encoding(headers) else { return Compression::None };
    if let Some(accepted) = find(accepted, encoding.as_bytes()) {
        return Compression::Accepted(Flags::default(), Decompressor::new(accepted));
    }
    let refused = Compression::Refused(String::from_utf8_lossy(encoding.as_bytes()).into());
    headers.remove(GRPC_ENCODING);
    refused
}

/// The examined body of a response. Its last frame is an error, or trailers with the status OK.
pub(crate) struct Examined {
    body: Body,
    /// A frame that was read ahead of the rest of the body.
    first: Option<BodyFrame>,
    /// The error in the headers, in case the trailers have no status.
    leading: Option<Box<Status>>,
    boundary: Boundary,
    http: StatusCode,
    knows_its_end: bool,
    ended: bool,
}

impl Examined {
    /// Whether the messages may be compressed.
    pub(crate) fn may_be_compressed(&self) -> bool {
        self.boundary.allows_compression()
    }

    /// Examines the trailers; returns those of a success, or the error.
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

    /// Refuses a success after an incomplete message.
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

    /// `malformed`, unless the HTTP status already explains why there is no message.
    fn stand_in(&self, malformed: Status) -> Status {
        if self.http == StatusCode::OK { malformed } else { self.missing(HeaderMap::new()) }
    }

    /// The status of a response whose trailers have none.
    fn missing(&self, trailers: HeaderMap) -> Status {
        if let Some(leading) = &self.leading {
            return Status::clone(leading);
        }
        let message = match self.http {
            StatusCode::OK => "missing grpc-status: the response ended without a status".to_owned(),
            http => format!("missing grpc-status: the code is that of HTTP status {http}"),
        };
        Status::with_metadata(http_status::code(self.http), message, MetadataMap::from_headers(trailers))
    }
}

/// The status of a response with a content type that is not gRPC's. `If grpc-status was provided, it must be used`, unless it is OK: this
/// response has no messages.
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
