//! A request body that compresses some of its messages: those of the uncompressed body that tonic writes which the caller chose.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::{BufMut, Bytes, BytesMut};
use http_body::{Body as HttpBody, Frame};
use tonic::Status;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;

use super::Frame as GrpcFrame;
use super::boundary::Flags;
use super::compression::compress;

pub(crate) struct Compressed {
    pub(crate) body: Body,
    pub(crate) encoding: CompressionEncoding,
    /// Whether to compress each message that is still to come.
    pub(crate) chosen: Flags,
}

impl Compressed {
    /// Compresses the chosen ones of `frames`; tonic's data holds whole frames.
    fn compress(&self, mut frames: Bytes) -> Result<Bytes, Status> {
        let mut compressed = BytesMut::with_capacity(frames.len());
        while let Some(frame) = GrpcFrame::split_off(&mut frames) {
            if self.chosen.next() {
                compressed.put(compress(frame.into(), self.encoding)?);
            } else {
                compressed.put(frame.into_bytes());
            }
        }
        Ok(compressed.freeze())
    }
}

impl HttpBody for Compressed {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Some(frame) = ready!(Pin::new(&mut self.body).poll_frame(cx)?) else { return Poll::Ready(None) };
        Poll::Ready(Some(match frame.into_data() {
            Ok(frames) => self.compress(frames).map(Frame::data),
            Err(frame) => Ok(frame),
        }))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}
