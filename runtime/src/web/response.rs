//! Encodes the body of a response for gRPC-Web, in which the trailers are a frame after the messages.
//!
//! The first byte of that frame has its highest bit set. The frame holds a block of HTTP/1 headers, in lower case, without the empty line.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use bytes::{BufMut, Bytes};
use http::HeaderMap;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;

use super::form::Form;
use crate::BoxError;
use crate::grpc::trailers;

/// The body of a response, trailers included.
pub(super) struct WebResponse<B> {
    body: B,
    form: Form,
    is_over: bool,
}

impl<B> WebResponse<B> {
    pub(super) fn new(body: B, form: Form) -> Self {
        Self { body, form, is_over: false }
    }

    fn end(&mut self, trailers: &HeaderMap) -> Bytes {
        self.is_over = true;
        self.form.write(block(trailers).into())
    }
}

impl Form {
    fn write(self, piece: Bytes) -> Bytes {
        match self {
            Self::Binary => piece,
            Self::Text => Bytes::from_owner(Base64Piece { text: BASE64_STANDARD.encode(&piece), _piece: piece }),
        }
    }
}

/// A piece in base64. It keeps the original, which may count as unread until it is dropped.
struct Base64Piece {
    text: String,
    _piece: Bytes,
}

impl AsRef<[u8]> for Base64Piece {
    fn as_ref(&self) -> &[u8] {
        self.text.as_bytes()
    }
}

/// The frame that holds the trailers.
fn block(trailers: &HeaderMap) -> Vec<u8> {
    let mut block = vec![0x80, 0, 0, 0, 0];
    for (name, value) in trailers {
        block.put_slice(name.as_str().as_bytes());
        block.put_slice(b": ");
        block.put_slice(value.as_bytes());
        block.put_slice(b"\r\n");
    }
    let len = u32::try_from(block.len() - 5).unwrap_or(u32::MAX);
    block[1..5].copy_from_slice(&len.to_be_bytes());
    block
}

impl<B> HttpBody for WebResponse<B>
where
    B: HttpBody<Data = Bytes> + Unpin,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        if self.is_over {
            return Poll::Ready(None);
        }
        let Some(polled) = ready!(Pin::new(&mut self.body).poll_frame(cx)) else { return Poll::Ready(None) };
        let data = match polled.map(Frame::into_data) {
            Ok(Ok(data)) => self.form.write(data),
            Ok(Err(frame)) => self.end(&frame.into_trailers().unwrap_or_default()),
            // HTTP/1 cannot reset a stream with a reason.
            Err(error) => self.end(&trailers(&Status::from_error(error.into()))),
        };
        Poll::Ready(Some(Ok(Frame::data(data))))
    }

    fn is_end_stream(&self) -> bool {
        self.is_over || self.body.is_end_stream()
    }

    /// The size of the inner body does not include the trailers.
    fn size_hint(&self) -> SizeHint {
        if self.is_end_stream() { SizeHint::with_exact(0) } else { SizeHint::default() }
    }
}
