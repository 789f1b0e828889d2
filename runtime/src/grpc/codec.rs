//! Encodes and decodes messages, and passes encoded ones through tonic's codec as bytes.

use std::cell::Cell;
use std::pin::Pin;

use bytes::{Buf, BufMut, Bytes};
use futures_core::Stream;
use prost::{DecodeError, Message};
use tonic::Status;
use tonic::codec::{BufferSettings, Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};

use crate::grpc::{Frame, MessageBuf};

thread_local! {
    /// A buffer that the messages of streams reuse, one after another.
    static BUFFER: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// An encoded message, on its way into tonic's buffer or to the other side in the same process.
pub(crate) enum Encoded {
    /// The frame of a message in a stream, in the buffer of its thread: each message is copied or decoded before the next one is made.
    Pooled(Vec<u8>),
    /// The message, without the prefix of its frame.
    One(Bytes),
}

/// A stream of encoded messages, up to the status that it may end with.
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

    /// Copies the message to `out`, and returns a small buffer to its thread.
    pub(crate) fn copy_to(self, out: &mut impl BufMut) {
        out.put_slice(self.as_bytes());
        self.free();
    }

    /// Drops the message, and returns a small buffer to its thread.
    pub(crate) fn free(self) {
        const SMALL: usize = 8 * 1024;
        if let Self::Pooled(mut buffer) = self
            && buffer.capacity() <= SMALL
        {
            buffer.clear();
            BUFFER.set(buffer);
        }
    }

    /// Decodes the message, and returns a small buffer to its thread.
    pub(crate) fn decode<M: Message + Default>(self) -> Result<M, Status> {
        match self {
            Self::Pooled(_) => {
                let decoded = decode(MessageBuf::of_slice(self.as_bytes()));
                self.free();
                decoded
            }
            // prost moves the last bytes of a buffer that it owns into a field of `Bytes`, instead of counting one more reference.
            Self::One(message) => M::decode(message).map_err(|error| malformed(&error)),
        }
    }
}

/// A message of a stream that has arrived.
pub(crate) enum ReceivedMessage<'a> {
    /// A message in the buffer of its reader.
    InPlace(MessageBuf<'a>),
    Encoded(Encoded),
}

impl ReceivedMessage<'_> {
    /// Decodes the message. Most variants share one instance of prost's generic code.
    pub(crate) fn decode<M: Message + Default>(self) -> Result<M, Status> {
        match self {
            Self::InPlace(message) => decode(message),
            Self::Encoded(Encoded::One(message)) => decode(MessageBuf::of(&message)),
            Self::Encoded(message) => message.decode(),
        }
    }

    /// The message, independent of the reader's buffer.
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

/// Takes the buffer of this thread; an empty one if a message has it.
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

/// A codec that leaves messages encoded, with the initial sizes of tonic's buffers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BytesCodec {
    encode_buffer: usize,
    decode_buffer: usize,
}

impl BytesCodec {
    /// tonic's default, on which compression relies.
    const STREAM: usize = 8 * 1024;
    const ONE: usize = 1024;

    /// Reserves room for sending many messages.
    pub(crate) fn stream() -> Self {
        Self { encode_buffer: Self::STREAM, decode_buffer: Self::STREAM }
    }

    /// Reserves room for sending one small message.
    pub(crate) fn one() -> Self {
        Self { encode_buffer: Self::ONE, ..Self::stream() }
    }

    /// Reserves room for sending exactly one message of `len` bytes.
    pub(crate) fn sending(self, len: usize) -> Self {
        Self { encode_buffer: Frame::HEADER + len, ..self }
    }

    /// Reserves no room for receiving: tonic then takes over the transport's buffer.
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
