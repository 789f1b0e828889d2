//! Splits the bytes of a body into messages and decompresses them, up to the first that cannot be received.

use std::collections::VecDeque;
use std::mem;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use tonic::Status;

use super::FrameTracker;
use super::compression::missing_feature;
use super::decompress::Decompressor;
use crate::message_settings::DEFAULT_LIMIT;

/// Refuses a message of more than `limit` bytes.
pub(crate) fn check_received(len: usize, limit: Option<usize>) -> Result<(), Status> {
    let limit = limit.unwrap_or(DEFAULT_LIMIT);
    if len <= limit {
        return Ok(());
    }
    Err(Status::resource_exhausted(format!(
        "the message is too large to be received: found {len} bytes, the limit is: {limit} bytes"
    )))
}

/// The messages of a body, as its bytes arrive.
#[derive(Debug)]
pub(crate) struct Boundary {
    frames: FrameTracker,
    limit: usize,
    compression: Compression,
    /// Bytes that [`Self::next`] has yet to return, unless messages may be compressed.
    arrived: Bytes,
    /// The error of the message after those that have arrived.
    refused: Option<Status>,
}

/// Whether the messages of a body may be compressed, by its headers.
#[derive(Debug)]
pub(crate) enum Compression {
    /// No: the headers have no `grpc-encoding`, or `identity`.
    None,
    /// Yes. The flag of each message is recorded.
    Accepted(Flags, Decompressor),
    /// No: the headers name an encoding that this side did not accept.
    Refused(Box<str>),
}

/// A queue of the Compressed-Flags of messages, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags(Arc<Mutex<VecDeque<bool>>>);

impl Flags {
    pub(crate) fn push(&self, compressed: bool) {
        self.lock().push_back(compressed);
    }

    /// Removes the flag of the next message: whether it was compressed.
    pub(crate) fn next(&self) -> bool {
        self.lock().pop_front().unwrap_or_default()
    }

    fn lock(&self) -> MutexGuard<'_, VecDeque<bool>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Boundary {
    pub(crate) fn new(limit: Option<usize>, compression: Compression) -> Self {
        let limit = limit.unwrap_or(DEFAULT_LIMIT);
        Self { frames: FrameTracker::default(), limit, compression, arrived: Bytes::new(), refused: None }
    }

    pub(crate) fn allows_compression(&self) -> bool {
        matches!(self.compression, Compression::Accepted(..))
    }

    /// Refuses a body that ends within a message.
    pub(crate) fn check_end(&self) -> Result<(), Status> {
        if self.frames.is_inside() {
            return Err(Status::internal("Unexpected EOF decoding stream: it ends within a message"));
        }
        Ok(())
    }

    /// Checks the prefix of each message in `data`.
    ///
    /// # Errors
    ///
    /// `INTERNAL` for a flag that is invalid or that the headers do not allow, `RESOURCE_EXHAUSTED` for a message over the limit; and the
    /// number of bytes in `data` before that message.
    fn pass(&mut self, data: &[u8]) -> Result<(), (usize, Status)> {
        let Self { frames, limit, compression, .. } = self;
        frames.pass(data, |flag, length| {
            compression.check(flag)?;
            check_received(length, Some(*limit))
        })
    }

    /// Adds `data`. Call it only once [`Self::next`] has returned `None`.
    pub(crate) fn take(&mut self, data: Bytes) {
        let data = match self.pass(&data) {
            Ok(()) => data,
            Err((whole, status)) => {
                self.refused = Some(status);
                data.slice(..whole)
            }
        };
        match &mut self.compression {
            Compression::Accepted(_, decompressor) => decompressor.take(&data),
            Compression::None | Compression::Refused(_) => self.arrived = data,
        }
    }

    /// Returns the next bytes of messages, uncompressed, or the error that ends them; `None` until more bytes arrive.
    pub(crate) fn next(&mut self) -> Option<Result<Bytes, Status>> {
        let messages = match &mut self.compression {
            Compression::Accepted(_, decompressor) => decompressor.next(self.limit, &mut self.refused),
            Compression::None | Compression::Refused(_) => mem::take(&mut self.arrived),
        };
        if messages.is_empty() { self.refused.take().map(Err) } else { Some(Ok(messages)) }
    }
}

impl Compression {
    /// Refuses a Compressed-Flag that the headers do not allow.
    fn check(&self, flag: u8) -> Result<(), Status> {
        match (flag, self) {
            (0 | 1, Self::Accepted(flags, _)) => {
                flags.push(flag == 1);
                Ok(())
            }
            (0, _) => Ok(()),
            (1, Self::None) => Err(Status::internal(
                "protocol error: received message with compressed-flag but no grpc-encoding was specified",
            )),
            // compression.md: a compression that the client does not support `WILL result in INTERNAL`.
            (1, Self::Refused(encoding)) => Err(Status::internal(format!(
                "received a message compressed with `{encoding}`, which this client does not accept{}",
                missing_feature("client", encoding)
            ))),
            _ => Err(Status::internal(format!(
                "protocol error: received message with invalid compression flag: {flag} (valid flags are 0 and 1)"
            ))),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic::Code;
    #[cfg(feature = "gzip")]
    use tonic::codec::CompressionEncoding;

    #[test]
    fn boundaries_are_those_of_messages_however_the_bytes_are_cut() {
        let message = |length: u8| [&[0, 0, 0, 0, length][..], &vec![7; length.into()]].concat();
        let cases = [
            (vec![], false),
            (vec![0], true),
            (vec![0, 0, 0, 0], true),
            (message(0), false),
            (vec![0, 0, 0, 0, 3], true),
            (message(3), false),
            ([message(3), message(0), message(9)].concat(), false),
            ([message(3), vec![0, 0, 0]].concat(), true),
            ([message(3), message(9)[..13].to_vec()].concat(), true),
        ];
        for (bytes, inside) in cases {
            for size in 1..=bytes.len() {
                let mut boundary = Boundary::new(Some(9), Compression::None);
                for piece in bytes.chunks(size) {
                    boundary.pass(piece).unwrap();
                }
                assert_eq!(boundary.check_end().is_err(), inside, "{bytes:?} in pieces of {size}");
            }
        }
    }

    #[test]
    fn messages_before_one_that_cannot_be_received_pass() {
        let bytes = Bytes::from_static(&[0, 0, 0, 0, 1, 7, 0, 0, 0, 0, 10, 7]);
        let mut boundary = Boundary::new(Some(9), Compression::None);
        boundary.take(bytes.clone());
        assert_eq!(boundary.next().unwrap().unwrap(), bytes[..6]);
        assert_eq!(boundary.next().unwrap().unwrap_err().code(), Code::ResourceExhausted);
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn the_flags_of_messages_are_recorded_in_their_order() {
        let flags = Flags::default();
        let mut boundary =
            Boundary::new(Some(9), Compression::Accepted(flags.clone(), Decompressor::new(CompressionEncoding::Gzip)));
        boundary.pass(&[0, 0, 0, 0, 1, 7, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 7, 0, 0, 0, 0, 0]).unwrap();
        assert_eq!([(); 4].map(|()| flags.next()), [false, true, true, false]);
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn an_invalid_prefix_is_refused_before_its_message() {
        let compressed = || [1, 0, 0, 0, 1];
        let accepted = || Compression::Accepted(Flags::default(), Decompressor::new(CompressionEncoding::Gzip));
        let cases = [
            ([2, 0, 0, 0, 1], accepted(), Some(Code::Internal)),
            ([b'<', b'h', b't', b'm', b'l'], Compression::None, Some(Code::Internal)),
            (compressed(), Compression::None, Some(Code::Internal)),
            (compressed(), Compression::Refused("br".into()), Some(Code::Internal)),
            (compressed(), accepted(), None),
            ([0, 0, 0, 0, 1], Compression::Refused("br".into()), None),
            ([0, 0, 0, 0, 9], Compression::None, None),
            ([0, 0, 0, 0, 10], Compression::None, Some(Code::ResourceExhausted)),
            ([0, 255, 255, 255, 255], Compression::None, Some(Code::ResourceExhausted)),
        ];
        for (header, compression, expected) in cases {
            let claim = format!("{header:?} {compression:?}");
            let refused = Boundary::new(Some(9), compression).pass(&header).err().map(|(_, status)| status.code());
            assert_eq!(refused, expected, "{claim}");
        }
    }
}
