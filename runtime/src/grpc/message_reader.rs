//! Reads the messages of an examined, uncompressed body in place, without copying them.
//!
//! Most small messages share a DATA frame with others. Only a message that spans several frames is copied, into one buffer.

use std::mem;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use bytes::{Buf, Bytes};
use http::HeaderMap;
use http_body::Body as HttpBody;
use tonic::Status;
use tonic::body::Body;

use super::{Frame, MessageBuf};

/// How many bytes are reserved for a message on its announcement alone; beyond that, as many again as have arrived. A peer that announces a
/// large message and sends nothing costs no more, and messages of usual limits are copied once.
const RESERVED_AHEAD: usize = 16 * 1024 * 1024;

/// A reader of messages that have the flag 0 and a length within the limit: a [`Boundary`](super::boundary::Boundary) has checked them.
pub(crate) struct MessageReader {
    /// The mutex is never locked; it makes this `Sync`, which bodies need not be.
    body: Mutex<Body>,
    /// The bytes that have arrived, from the current message on.
    data: Bytes,
    /// The length of the current message with its header; 0 if there is none.
    found: usize,
    /// The beginning of a message that spans several DATA frames.
    part: Vec<u8>,
    /// The bytes that arrived after such a message.
    behind: Bytes,
    trailers: Option<HeaderMap>,
}

impl MessageReader {
    pub(crate) fn new(body: Body) -> Self {
        let [data, behind] = [Bytes::new(), Bytes::new()];
        Self { body: Mutex::new(body), data, found: 0, part: Vec::new(), behind, trailers: None }
    }

    /// Takes the trailers, which are there after the last message.
    pub(crate) fn take_trailers(&mut self) -> Option<HeaderMap> {
        self.trailers.take()
    }

    /// The current message, without its header.
    #[inline]
    pub(crate) fn message(&self) -> MessageBuf<'_> {
        MessageBuf::within(&self.data, Frame::HEADER.min(self.found), self.found)
    }

    /// Advances to the next message.
    #[inline]
    pub(crate) fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Status>>> {
        self.data.advance(mem::take(&mut self.found));
        if !self.find() {
            return self.poll_body(cx);
        }
        Poll::Ready(Some(Ok(())))
    }

    /// Whether a complete message is at the start of the data; makes it the current one.
    #[inline]
    fn find(&mut self) -> bool {
        match Frame::length(&self.data) {
            Some(length) if length <= self.data.len() => {
                self.found = length;
                true
            }
            _ => false,
        }
    }

    #[inline(never)]
    fn poll_body(&mut self, cx: &mut Context<'_>) -> Poll<Option<Result<(), Status>>> {
        loop {
            if self.data.is_empty() {
                self.data = mem::take(&mut self.behind);
            }
            if self.find() {
                return Poll::Ready(Some(Ok(())));
            }
            if !self.data.is_empty() {
                let data = mem::take(&mut self.data);
                self.reserve(Frame::length(&data).unwrap_or(Frame::HEADER), data.len());
                self.part.extend_from_slice(&data);
            }
            let body = self.body.get_mut().unwrap_or_else(PoisonError::into_inner);
            match ready!(Pin::new(body).poll_frame(cx)?) {
                None => return Poll::Ready(None),
                Some(frame) => match frame.into_data() {
                    Ok(data) if self.part.is_empty() => self.data = data,
                    Ok(data) => self.join(data),
                    Err(frame) => {
                        self.trailers = frame.into_trailers().ok();
                        return Poll::Ready(None);
                    }
                },
            }
        }
    }

    /// Completes the message in `part` from `data`; keeps the bytes after it for later.
    fn join(&mut self, mut data: Bytes) {
        self.take(Frame::HEADER, &mut data);
        if let Some(length) = Frame::length(&self.part) {
            self.reserve(length, data.len());
            self.take(length, &mut data);
            if self.part.len() == length {
                self.data = mem::take(&mut self.part).into();
            }
        }
        self.behind = data;
    }

    /// Reserves room in the part for the next `arrived` bytes of a message of `length` bytes. The part of a complete message has no room left.
    fn reserve(&mut self, length: usize, arrived: usize) {
        let needed = length.min(self.part.len() + arrived);
        if needed > self.part.capacity() {
            let room = length.min(RESERVED_AHEAD.max(needed.saturating_mul(2)));
            self.part.reserve_exact(room - self.part.len());
        }
    }

    /// Moves bytes from `data` to the part until the part has `length` of them.
    fn take(&mut self, length: usize, data: &mut Bytes) {
        let missing = length.saturating_sub(self.part.len()).min(data.len());
        self.part.extend_from_slice(&data.split_to(missing));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grpc::codec::Encoded;
    use http_body_util::StreamBody;
    use std::future::poll_fn;
    use tokio_stream::StreamExt;

    /// The messages that are read from `frames`, which arrive in pieces of `size` bytes.
    async fn read(frames: &[u8], size: usize) -> Vec<Bytes> {
        let pieces: Vec<_> =
            frames.chunks(size).map(|piece| Ok(http_body::Frame::data(piece.to_vec().into()))).collect();
        let trailers = Ok::<_, Status>(http_body::Frame::trailers(HeaderMap::new()));
        let body = StreamBody::new(tokio_stream::iter(pieces.into_iter().chain([trailers])));
        let mut reader = MessageReader::new(Body::new(body));
        let mut messages = Vec::new();
        while let Some(Ok(())) = poll_fn(|cx| reader.poll_next(cx)).await {
            messages.push(reader.message().into_bytes());
        }
        assert!(reader.take_trailers().is_some());
        messages
    }

    #[tokio::test]
    async fn messages_are_the_same_in_pieces_of_any_size() {
        let messages: Vec<Bytes> = [0, 1, 5, 300, 0, 0, 7].map(|len| vec![b'x'; len].into()).into();
        let frame = |message: &Bytes| [&Frame::header(message.len())[..], message].concat();
        let frames: Vec<u8> = messages.iter().flat_map(frame).collect();
        for size in 1..=frames.len() {
            assert_eq!(read(&frames, size).await, messages, "in pieces of {size} bytes");
        }
    }

    /// The bytes reserved for a message of `length` bytes, its header included, of which `arrived` bytes have arrived in pieces of 1 MiB.
    async fn reserved(length: usize, arrived: usize) -> usize {
        let mut bytes = vec![0; arrived];
        bytes[..Frame::HEADER].copy_from_slice(&Frame::header(length - Frame::HEADER));
        let pieces: Vec<_> = bytes
            .chunks(1024 * 1024)
            .map(|piece| Ok::<_, Status>(http_body::Frame::data(piece.to_vec().into())))
            .collect();
        let body = StreamBody::new(tokio_stream::iter(pieces).chain(tokio_stream::pending()));
        let mut reader = MessageReader::new(Body::new(body));
        assert!(poll_fn(|cx| Poll::Ready(reader.poll_next(cx))).await.is_pending());
        reader.part.capacity()
    }

    #[tokio::test]
    async fn no_more_is_reserved_than_16_mib_or_twice_what_has_arrived() {
        const MIB: usize = 1024 * 1024;
        let cases = [
            ((4 * MIB, Frame::HEADER), 4 * MIB),
            ((16 * MIB, MIB), 16 * MIB),
            ((16 * MIB + 1, Frame::HEADER), 16 * MIB),
            ((1024 * MIB, Frame::HEADER), 16 * MIB),
            ((1024 * MIB, 16 * MIB), 16 * MIB),
            ((1024 * MIB, 16 * MIB + 1), 32 * MIB + 2),
            ((25 * MIB, 24 * MIB), 25 * MIB),
        ];
        for ((length, arrived), expected) in cases {
            assert_eq!(reserved(length, arrived).await, expected, "{arrived} of {length} bytes");
        }
    }

    #[tokio::test]
    async fn a_message_that_is_kept_outlives_the_piece_that_it_arrived_in() {
        let frames = [&Frame::header(2)[..], b"ab", &Frame::header(1), b"c"].concat();
        let kept: Vec<_> = read(&frames, frames.len()).await.into_iter().map(Encoded::from).collect();
        assert_eq!(kept.iter().map(Encoded::as_bytes).collect::<Vec<_>>(), [b"ab", &b"c"[..]]);
    }
}
