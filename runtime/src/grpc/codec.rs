//! Encodes and decodes messages; passes those that are compressed through tonic as bytes.

use std::cell::Cell;
use std::pin::Pin;

use bytes::{Buf, BufMut, Bytes};
use futures_core::Stream;
use prost::{DecodeError, Message};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use crate::grpc::{Frame, MessageBuf};

thread_local! {
    /// The buffer of the next message of a stream.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// A message on its way into tonic's buffer, or to the other side in the same process.
pub(crate) enum Encoded {
    /// Its frame. It fills the buffer of its thread, because each message is copied, or read, before the next one is asked for.
    Pooled(Vec<u8>),
    One(Bytes),
}

/// Messages on their way, or the status that they end with.
pub(crate) type EncodedStream = Pin<Box<dyn Stream<Item = Result<Encoded, Status>> + Send>>;

impl Encoded {
    pub(crate) fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Pooled(frame) => &frame[Frame::HEADER..],
            Self::One(message) => message,
        }
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        match self {
            Self::Pooled(frame) => Bytes::from(frame).split_off(Frame::HEADER),
            Self::One(message) => message,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.as_bytes().len()
    }

    /// Copies the message; the buffer of a small one is free again.
    pub(crate) fn copy_to(self, out: &mut impl BufMut) {
        out.put_slice(self.as_bytes());
        self.free();
    }

    /// Drops the message; the buffer of a small one is free again.
    pub(crate) fn free(self) {
        const SMALL: usize = 8 * 1024;
        if let Self::Pooled(mut buffer) = self
            && buffer.capacity() <= SMALL
        {
            buffer.clear();
            BUFFER.set(buffer);
        }
    }

    /// Reads the message; the buffer of a small one is free again.
    pub(crate) fn decode<M: Message + Default>(self) -> Result<M, Status> {
        match self {
            Self::Pooled(_) => {
                let decoded = decode(MessageBuf::of_slice(self.as_bytes()));
                self.free();
                decoded
            }
            // Alone, it is the owner of its bytes, and a field at its end takes them without a copy of the reference.
            Self::One(message) => M::decode(message).map_err(|error| malformed(&error)),
        }
    }
}

/// A message of a stream that has arrived.
pub(crate) enum ReceivedMessage<'a> {
    InPlace(MessageBuf<'a>),
    Encoded(Encoded),
}

impl ReceivedMessage<'_> {
    /// Reads the message, of whichever kind it is, by one instance of prost's code.
    pub(crate) fn decode<M: Message + Default>(self) -> Result<M, Status> {
        match self {
            Self::InPlace(message) => decode(message),
            Self::Encoded(Encoded::One(message)) => decode(MessageBuf::of(&message)),
            Self::Encoded(message) => message.decode(),
        }
    }

    /// The message, for as long as it takes.
    pub(crate) fn into_encoded(self) -> Encoded {
        match self {
            Self::InPlace(message) => Encoded::One(message.into_bytes()),
            Self::Encoded(message) => message,
        }
    }
}

fn decode<M: Message + Default>(message: MessageBuf<'_>) -> Result<M, Status> {
    M::decode(message).map_err(|error| malformed(&error))
}

fn malformed(error: &DecodeError) -> Status {
    Status::internal(format!("cannot decode the message: {error}"))
}

/// The buffer of this thread, if no message is in it.
pub(crate) fn thread_buffer() -> Vec<u8> {
    BUFFER.take()
}

impl From<Bytes> for Encoded {
    fn from(message: Bytes) -> Self {
        Self::One(message)
    }
}

impl From<Frame> for Encoded {
    fn from(frame: Frame) -> Self {
        Self::One(frame.into_message())
    }
}

/// Refuses a message of more than `limit` bytes, and one of more than the 4 GiB that a frame can hold.
pub(crate) fn check_size(len: usize, limit: Option<usize>) -> Result<(), Status> {
    let fits = limit.is_none_or(|limit| len <= limit) && u32::try_from(len).is_ok();
    if fits {
        return Ok(());
    }
    let limit = limit.map_or(u64::from(u32::MAX), |limit| (limit as u64).min(u32::MAX.into()));
    Err(Status::resource_exhausted(format!(
        "the message is too large to be sent: found {len} bytes, the limit is: {limit} bytes"
    )))
}

/// The codec under every call of both sides, with the sizes its buffers start at.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BytesCodec {
    encode_buffer: usize,
    decode_buffer: usize,
}

impl BytesCodec {
    /// tonic's own buffers, which compression relies on.
    const STREAM: usize = 8 * 1024;
    const ONE: usize = 1024;
    /// Flag and length before each message.
    const HEADER: usize = 5;

    /// Makes room for many messages to be sent.
    pub(crate) fn stream() -> Self {
        Self { encode_buffer: Self::STREAM, decode_buffer: Self::STREAM }
    }

    /// Makes room for one small message to be sent.
    pub(crate) fn one() -> Self {
        Self { encode_buffer: Self::ONE, ..Self::stream() }
    }

    /// Makes room for exactly one message of `len` bytes to be sent.
    pub(crate) fn sending(self, len: usize) -> Self {
        Self { encode_buffer: Self::HEADER + len, ..self }
    }

    /// Starts without a buffer for received messages: tonic then takes over the transport's.
    pub(crate) fn receiving_uncompressed(self) -> Self {
        Self { decode_buffer: 0, ..self }
    }
}

impl Codec for BytesCodec {
    type Encode = Encoded;
    type Decode = Bytes;
    type Encoder = Self;
    type Decoder = Self;

    fn encoder(&mut self) -> Self {
        *self
    }

    fn decoder(&mut self) -> Self {
        *self
    }
}

fn buffer(size: usize) -> BufferSettings {
    const YIELD_THRESHOLD: usize = 32 * 1024;
    BufferSettings::new(size, YIELD_THRESHOLD)
}

impl Encoder for BytesCodec {
    type Item = Encoded;
    type Error = Status;

    fn encode(&mut self, message: Encoded, buffer: &mut EncodeBuf<'_>) -> Result<(), Status> {
        message.copy_to(buffer);
        Ok(())
    }

    fn buffer_settings(&self) -> BufferSettings {
        buffer(self.encode_buffer)
    }
}

impl Decoder for BytesCodec {
    type Item = Bytes;
    type Error = Status;

    fn decode(&mut self, buffer: &mut DecodeBuf<'_>) -> Result<Option<Bytes>, Status> {
        Ok(Some(buffer.copy_to_bytes(buffer.remaining())))
    }

    fn buffer_settings(&self) -> BufferSettings {
        buffer(self.decode_buffer)
    }
}
