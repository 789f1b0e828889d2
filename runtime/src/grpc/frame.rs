//! Encodes an uncompressed message into a frame, and splits frames.
//!
//! `Length-Prefixed-Message → Compressed-Flag Message-Length Message`: the flag is one byte, 0 for uncompressed; the length is four bytes,
//! big-endian.

use bytes::{Buf, BufMut, Bytes};
use prost::Message;

use crate::message_settings::DEFAULT_LIMIT;

/// An uncompressed message after its flag and length.
#[derive(Debug, Clone)]
pub(crate) struct Frame(Bytes);

impl Default for Frame {
    /// The frame of an empty message.
    fn default() -> Self {
        Self(Bytes::from_static(&[0; Self::HEADER]))
    }
}

impl Frame {
    pub(crate) const HEADER: usize = 5;

    /// The prefix of an uncompressed message of `len` bytes.
    pub(crate) fn header(len: usize) -> [u8; Self::HEADER] {
        let [a, b, c, d] = u32::try_from(len).unwrap_or(u32::MAX).to_be_bytes();
        [0, a, b, c, d]
    }

    /// The length of the frame at the start of `frames`, header included; `None` if its header is incomplete.
    pub(crate) fn length(frames: &[u8]) -> Option<usize> {
        let ([_, length @ ..], _) = frames.split_first_chunk::<{ Self::HEADER }>()?;
        Some(Self::HEADER + usize::try_from(u32::from_be_bytes(*length)).ok()?)
    }

    /// The lengths of the messages in `frames`, which are complete.
    pub(crate) fn lengths(frames: &[u8]) -> impl Iterator<Item = usize> {
        let mut rest = frames;
        std::iter::from_fn(move || {
            let (frame, after) = Self::split_first(rest)?;
            rest = after;
            Some(frame.len() - Self::HEADER)
        })
    }

    /// The first of several frames, and the others; `None` if the first is incomplete.
    pub(crate) fn split_first(frames: &[u8]) -> Option<(&[u8], &[u8])> {
        frames.split_at_checked(Self::length(frames)?)
    }

    /// Encodes `message`. Its length does not fit a frame if it has 4 GiB or more: `check_size` refuses it.
    pub(crate) fn encode<M: Message>(message: &M) -> Self {
        let len = message.encoded_len();
        let mut frame = Vec::with_capacity(Self::HEADER + len);
        frame.put_slice(&Self::header(len));
        message.encode_raw(&mut frame);
        Self(frame.into())
    }

    /// Takes `data` for a frame; returns it if it is not exactly one, or is compressed.
    pub(crate) fn parse(data: Bytes) -> Result<Self, Bytes> {
        match data.split_first_chunk::<{ Self::HEADER }>() {
            Some(([0, length @ ..], message)) if u32::from_be_bytes(*length).try_into() == Ok(message.len()) => {
                Ok(Self(data))
            }
            _ => Err(data),
        }
    }

    /// Removes the first of several frames; `None` if it is incomplete.
    pub(crate) fn split_off(frames: &mut Bytes) -> Option<Self> {
        let length = Self::length(frames)?;
        (length <= frames.len()).then(|| Self(frames.split_to(length)))
    }

    /// The frame, if its message has at most `limit` bytes.
    pub(crate) fn within(self, limit: Option<usize>) -> Result<Self, Self> {
        if self.len() <= limit.unwrap_or(DEFAULT_LIMIT) { Ok(self) } else { Err(self) }
    }

    /// The length of the message, without the header.
    pub(crate) fn len(&self) -> usize {
        self.0.len() - Self::HEADER
    }

    pub(crate) fn into_message(mut self) -> Bytes {
        self.0.advance(Self::HEADER);
        self.0
    }

    pub(crate) fn into_bytes(self) -> Bytes {
        self.0
    }
}
