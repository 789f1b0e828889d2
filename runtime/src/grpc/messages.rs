//! The body of a stream of messages: their frames, as many at once as are there, before the trailers.
//!
//! `Response → (Response-Headers *Length-Prefixed-Message Trailers)`, with `Trailers → Status [Status-Message] *Custom-Metadata`.

use super::{compression::compress, status::trailers};
use crate::codec::Encoded;
use bytes::{BufMut, Bytes, BytesMut};
use futures_core::Stream;
use http::HeaderMap;
use http_body::Body as HttpBody;
use std::{
    pin::Pin,
    task::{Context, Poll},
};
use tonic::{Status, codec::CompressionEncoding};

/// A message, and what it is to be compressed with.
pub(crate) type Sent = (Encoded, Option<CompressionEncoding>);

/// The messages of `S` up to the status that it ends with; a stream that just ends says OK.
pub(crate) struct Messages<S> {
    source: S,
    frames: BytesMut,
    /// For the next frame and those after it: there may be none after the first.
    room: usize,
    end: End,
}

enum End {
    NotYet,
    Trailers(HeaderMap),
    Past,
}

impl<S> Messages<S> {
    const BUFFER: usize = 8 * 1024;
    /// With as many bytes, frames wait for no more.
    const FULL: usize = 32 * 1024;

    pub(crate) fn new(source: S) -> Self {
        Self { source, frames: BytesMut::new(), room: 0, end: End::NotYet }
    }

    fn put(&mut self, (message, encoding): Sent) -> Result<(), Status> {
        if let Some(encoding) = encoding {
            self.frames.put(compress(message, encoding)?);
            return Ok(());
        }
        let len = 5 + message.len();
        if self.frames.capacity() - self.frames.len() < len {
            self.frames.reserve(self.room.max(len));
        }
        self.room = Self::BUFFER;
        self.frames.put_u8(0);
        self.frames.put_u32(u32::try_from(message.len()).unwrap_or(u32::MAX));
        message.copy_to(&mut self.frames);
        Ok(())
    }
}

impl<S: Stream<Item = Result<Sent, Status>> + Unpin> HttpBody for Messages<S> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, Status>>> {
        while let End::NotYet = self.end {
            let status = match Pin::new(&mut self.source).poll_next(cx) {
                Poll::Ready(Some(Ok(message))) => self.put(message).err(),
                Poll::Ready(Some(Err(status))) => Some(status),
                Poll::Ready(None) => Some(Status::ok("")),
                Poll::Pending if self.frames.is_empty() => return Poll::Pending,
                Poll::Pending => break,
            };
            if let Some(status) = status {
                self.end = End::Trailers(trailers(&status));
            } else if self.frames.len() >= Self::FULL {
                break;
            }
        }
        if !self.frames.is_empty() {
            return Poll::Ready(Some(Ok(http_body::Frame::data(self.frames.split().freeze()))));
        }
        match std::mem::replace(&mut self.end, End::Past) {
            End::Trailers(trailers) => Poll::Ready(Some(Ok(http_body::Frame::trailers(trailers)))),
            End::NotYet | End::Past => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        matches!(self.end, End::Past)
    }
}
