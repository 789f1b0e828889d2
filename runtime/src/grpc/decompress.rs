//! Takes whole pieces of a body whose messages may be compressed; gives the same messages uncompressed.
//!
//! All of a message counts. `A gzip file consists of a series of "members"` (RFC 1952, 2.2), of which tonic reads the first and takes it for all,
//! as it does whatever stands behind it.

use super::Frame;
use bytes::{Bytes, BytesMut};
use std::io;
#[cfg(any(feature = "deflate", feature = "gzip", feature = "zstd"))]
use std::io::Read;
use tonic::{Status, codec::CompressionEncoding};

#[derive(Debug)]
pub(super) struct Decompressor {
    encoding: CompressionEncoding,
    /// The beginning of a message that is still to come, with its header.
    part: BytesMut,
}

impl Decompressor {
    pub(super) fn new(encoding: CompressionEncoding) -> Self {
        Self { encoding, part: BytesMut::new() }
    }

    /// The messages that are complete with `data`, each of at most `limit` bytes; those before one that does not decompress, which `error`
    /// then says.
    pub(super) fn pass(&mut self, data: &[u8], limit: usize, error: &mut Option<Status>) -> Bytes {
        self.part.extend_from_slice(data);
        let mut messages = Vec::new();
        while let Some(length) = Frame::length(&self.part).filter(|length| *length <= self.part.len()) {
            let frame = self.part.split_to(length);
            if let Err(status) = self.put(&frame, limit, &mut messages) {
                *error = Some(status);
                break;
            }
        }
        messages.into()
    }

    fn put(&self, frame: &[u8], limit: usize, messages: &mut Vec<u8>) -> Result<(), Status> {
        let Some(([1, ..], message)) = frame.split_first_chunk::<{ Frame::HEADER }>() else {
            messages.extend_from_slice(frame);
            return Ok(());
        };
        let start = messages.len();
        messages.extend_from_slice(&Frame::header(0));
        // One byte more shows that there are more.
        let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
        let read = decompress(self.encoding, message, most, messages);
        let length = messages.len() - start - Frame::HEADER;
        match read {
            Ok(()) if length <= limit => {
                messages[start..][..Frame::HEADER].copy_from_slice(&Frame::header(length));
                Ok(())
            }
            read => {
                messages.truncate(start);
                Err(match read {
                    Err(error) => Status::internal(format!("cannot decompress the message: {error}")),
                    Ok(()) => Status::resource_exhausted(format!(
                        "the message is too large to be received: it has more than the limit, {limit} bytes, when it is decompressed"
                    )),
                })
            }
        }
    }
}

/// Writes what `message` stands for, but at most so many bytes.
#[allow(unreachable_code, unused_variables, unused_mut, reason = "there are as many kinds of compression as features")]
fn decompress(encoding: CompressionEncoding, message: &[u8], most: u64, out: &mut Vec<u8>) -> io::Result<()> {
    match encoding {
        #[cfg(feature = "gzip")]
        CompressionEncoding::Gzip => {
            flate2::bufread::MultiGzDecoder::new(message).take(most).read_to_end(out)?;
        }
        #[cfg(feature = "deflate")]
        CompressionEncoding::Deflate => inflate(message, most, out)?,
        #[cfg(feature = "zstd")]
        CompressionEncoding::Zstd => {
            zstd::stream::read::Decoder::with_buffer(message)?.take(most).read_to_end(out)?;
        }
        unknown => return Err(io::Error::new(io::ErrorKind::Unsupported, unknown.to_string())),
    }
    Ok(())
}

/// flate2's own reader takes a text that is cut for a whole one.
#[cfg(feature = "deflate")]
fn inflate(message: &[u8], most: u64, out: &mut Vec<u8>) -> io::Result<()> {
    use flate2::{Decompress, FlushDecompress, Status};
    let malformed = |what| Err(io::Error::new(io::ErrorKind::InvalidData, what));
    let mut zlib = Decompress::new(true);
    loop {
        out.reserve(message.len().max(64));
        let read = usize::try_from(zlib.total_in()).unwrap_or(usize::MAX);
        let rest = message.get(read..).unwrap_or_default();
        match zlib.decompress_vec(rest, out, FlushDecompress::None)? {
            _ if zlib.total_out() >= most => return Ok(()),
            Status::StreamEnd if zlib.total_in() == message.len() as u64 => return Ok(()),
            Status::StreamEnd => return malformed("there are bytes behind its end"),
            Status::Ok | Status::BufError if out.len() < out.capacity() => return malformed("it is cut"),
            Status::Ok | Status::BufError => {}
        }
    }
}
