//! Finds the messages in the bytes of a body, uncompressed, up to one that cannot be received.

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

/// The messages that a body may hold.
#[derive(Debug)]
pub(crate) struct Boundary {
    frames: FrameTracker,
    limit: usize,
    compression: Compression,
    /// The bytes that have arrived, where it cannot be compressed.
    arrived: Bytes,
    /// Why the message behind all that has arrived cannot be received.
    refused: Option<Status>,
}

/// Whether a message behind the headers may be compressed.
#[derive(Debug)]
pub(crate) enum Compression {
    /// No: there is no `grpc-encoding` but the identity.
    None,
    /// Yes; which messages were is noted.
    Accepted(Flags, Decompressor),
    /// No: it has an encoding that was not accepted.
    Refused(Box<str>),
}

/// The Compressed-Flags of the messages that have begun, for whoever reads them later.
#[derive(Debug, Clone, Default)]
pub(crate) struct Flags(Arc<Mutex<VecDeque<bool>>>);

impl Flags {
    pub(crate) fn push(&self, compressed: bool) {
        self.lock().push_back(compressed);
    }

    /// Whether the next message was compressed.
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

    /// Refuses an end within a message.
    pub(crate) fn check_end(&self) -> Result<(), Status> {
        if self.frames.is_inside() {
            return Err(Status::internal("Unexpected EOF decoding stream: it ends within a message"));
        }
        Ok(())
    }

    /// Looks at the headers in `data`.
    ///
    /// # Errors
    ///
    /// `INTERNAL` for a flag that means nothing or that the headers do not allow, `RESOURCE_EXHAUSTED` for a message over the limit; and
    /// how much of `data` comes before that message.
    fn pass(&mut self, data: &[u8]) -> Result<(), (usize, Status)> {
        let Self { frames, limit, compression, .. } = self;
        frames.pass(data, |flag, length| {
            compression.check(flag)?;
            check_received(length, Some(*limit))
        })
    }

    /// Takes the next `data`, once [`Self::next`] has given all before it.
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

    /// The next bytes of messages, uncompressed, or why there are no more; `None` where that is still to arrive.
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
    fn the_flags_of_messages_are_noted_in_their_order() {
        let flags = Flags::default();
        let mut boundary =
            Boundary::new(Some(9), Compression::Accepted(flags.clone(), Decompressor::new(CompressionEncoding::Gzip)));
        boundary.pass(&[0, 0, 0, 0, 1, 7, 1, 0, 0, 0, 0, 1, 0, 0, 0, 1, 7, 0, 0, 0, 0, 0]).unwrap();
        assert_eq!([(); 4].map(|()| flags.next()), [false, true, true, false]);
    }

    #[cfg(feature = "gzip")]
    #[test]
    fn a_header_that_cannot_be_is_refused_before_its_message() {
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
