//! Decompresses the messages of a body, a few at a time.
//!
//! A message is decompressed to its last byte. `A gzip file consists of a series of "members"` (RFC 1952, 2.2); tonic reads only the first of
//! them, and ignores whatever follows it.
//!
//! A few hundred bytes may decompress to a message as large as the limit, and a DATA frame holds many such messages. So messages stay
//! compressed until the reader asks for them.

use std::io;
#[cfg(any(feature = "gzip", feature = "zstd"))]
use std::io::Read;

use bytes::{Bytes, BytesMut};
use tonic::Status;
use tonic::codec::CompressionEncoding;

use super::Frame;

/// How many bytes of messages are decompressed at a time, unless one message is larger: the smallest limit of a DATA frame (RFC 9113, 4.2).
const PIECE: usize = 16 * 1024;

#[derive(Debug)]
pub(super) struct Decompressor {
    encoding: CompressionEncoding,
    /// The frames that are not decompressed yet; the last one may be incomplete.
    arrived: BytesMut,
}

impl Decompressor {
    pub(super) fn new(encoding: CompressionEncoding) -> Self {
        Self { encoding, arrived: BytesMut::new() }
    }

    pub(super) fn take(&mut self, data: &[u8]) {
        self.arrived.extend_from_slice(data);
    }

    /// Returns the next complete messages, each of at most `limit` bytes: as many as make up a [`PIECE`]. Stops before a message that does not
    /// decompress, and sets `error` to its status.
    pub(super) fn next(&mut self, limit: usize, error: &mut Option<Status>) -> Bytes {
        let mut messages = Vec::new();
        while messages.len() < PIECE
            && let Some(length) = Frame::length(&self.arrived).filter(|length| *length <= self.arrived.len())
        {
            let frame = self.arrived.split_to(length);
            if let Err(status) = self.put(&frame, limit, &mut messages) {
                *error = Some(status);
                self.arrived.clear();
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
        // One more byte tells a message over the limit from one at the limit.
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
                        "the message is too large to be received: it decompresses to more than the limit of {limit} bytes"
                    )),
                })
            }
        }
    }
}

/// Appends the decompressed `message` to `out`, up to `most` bytes of it.
#[allow(clippy::ptr_arg, unreachable_code, unused_variables, reason = "each feature adds a kind of compression")]
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

/// flate2's own reader accepts a stream that ends too early.
#[cfg(feature = "deflate")]
fn inflate(message: &[u8], most: u64, out: &mut Vec<u8>) -> io::Result<()> {
    use flate2::{Decompress, FlushDecompress, Status};
    let malformed = |what| Err(io::Error::new(io::ErrorKind::InvalidData, what));
    let mut zlib = Decompress::new(true);
    loop {
        out.reserve(message.len().max(64));
        let read = usize::try_from(zlib.total_in()).unwrap_or(usize::MAX);
        let rest = message.get(read..).unwrap_or_default();
        let before = (zlib.total_in(), zlib.total_out());
        match zlib.decompress_vec(rest, out, FlushDecompress::None)? {
            _ if zlib.total_out() >= most => return Ok(()),
            Status::StreamEnd if zlib.total_in() == message.len() as u64 => return Ok(()),
            Status::StreamEnd => return malformed("data follows the end of the stream"),
            // `out` has room, so the input has run out.
            Status::Ok | Status::BufError if (zlib.total_in(), zlib.total_out()) == before => {
                return malformed("the stream ends too early");
            }
            Status::Ok | Status::BufError => {}
        }
    }
}

#[cfg(any(feature = "deflate", feature = "gzip", feature = "zstd"))]
#[cfg(test)]
mod tests {
    use super::*;
    use crate::grpc::{
        Acceptable, Arrival, Expected, Flags, compress,
        compression::{KNOWN, encoding_value},
        examine, examine_request,
    };
    use http_body::Frame as BodyFrame;
    use http_body_util::{BodyExt, StreamBody};
    use tonic::{Code, body::Body};

    const LIMIT: usize = 100_000;

    /// The frame of `message`, compressed.
    fn compressed(message: &[u8], encoding: CompressionEncoding) -> Bytes {
        compress(Bytes::copy_from_slice(message).into(), encoding).unwrap()
    }

    fn frame(flag: u8, message: &[u8]) -> Vec<u8> {
        [&[flag][..], &Frame::header(message.len())[1..], message].concat()
    }

    /// The pieces that `frames` decompress to, and the code of the error after them.
    fn pieces(frames: &[u8], encoding: CompressionEncoding) -> (Vec<Bytes>, Option<Code>) {
        let mut decompressor = Decompressor::new(encoding);
        decompressor.take(frames);
        let mut error = None;
        let mut pieces = || Some(decompressor.next(LIMIT, &mut error)).filter(|piece| !piece.is_empty());
        (std::iter::from_fn(&mut pieces).collect(), error.map(|status| status.code()))
    }

    /// The frames of `count` messages, small when compressed, and the frames of the same messages uncompressed.
    fn bombs(count: u8, encoding: CompressionEncoding) -> (Bytes, Vec<Vec<u8>>) {
        let messages: Vec<_> = (0..count).map(|n| vec![n; LIMIT]).collect();
        let frames: Vec<_> = messages.iter().flat_map(|message| compressed(message, encoding)).collect();
        assert!(frames.len() < LIMIT);
        (frames.into(), messages.iter().map(|message| frame(0, message)).collect())
    }

    #[test]
    fn messages_that_are_large_uncompressed_come_one_by_one() {
        for &encoding in KNOWN {
            let (frames, messages) = bombs(50, encoding);
            assert_eq!(
                pieces(&frames, encoding),
                (messages.into_iter().map(Bytes::from).collect(), None),
                "{encoding}"
            );
        }
    }

    #[tokio::test]
    async fn bodies_of_both_sides_decompress_large_messages_one_by_one() {
        for &encoding in KNOWN {
            let (frames, messages) = bombs(50, encoding);
            let body = |trailers: Option<http::HeaderMap>| {
                let trailers = trailers.map(BodyFrame::trailers);
                let pieces =
                    [Some(BodyFrame::data(frames.clone())), trailers].into_iter().flatten().map(Ok::<_, Status>);
                Body::new(StreamBody::new(tokio_stream::iter(pieces.collect::<Vec<_>>())))
            };
            let noted = Some((encoding, Flags::default()));
            let request = http::Request::new(body(None));
            let request = examine_request(request, Arrival::InProcess, Expected::Stream, Some(LIMIT), noted);
            let mut response =
                http::Response::new(body(Some([("grpc-status".parse().unwrap(), 0.into())].into_iter().collect())));
            response.headers_mut().insert("content-type", http::HeaderValue::from_static("application/grpc"));
            response.headers_mut().insert("grpc-encoding", encoding_value(encoding));
            let acceptable = Acceptable { limit: Some(LIMIT), encodings: KNOWN, knows_its_end: false };
            let response = examine(response, acceptable).await.unwrap();
            for mut body in [Body::new(request.into_body()), Body::new(response.into_body())] {
                for message in &messages {
                    assert_eq!(body.frame().await.unwrap().unwrap().into_data().unwrap(), message, "{encoding}");
                }
                assert!(body.frame().await.is_none_or(|last| last.unwrap().is_trailers()), "{encoding}");
            }
        }
    }

    #[test]
    fn small_messages_come_together() {
        for &encoding in KNOWN {
            let frames: Vec<_> = (0..5000).flat_map(|_| compressed(b"message", encoding)).collect();
            let (pieces, error) = pieces(&frames, encoding);
            assert_eq!((pieces.len(), error), (4, None), "{encoding}");
            assert_eq!(pieces.concat(), frame(0, b"message").repeat(5000), "{encoding}");
        }
    }

    #[test]
    fn messages_before_one_that_does_not_decompress_are_decompressed_and_none_after_it() {
        for &encoding in KNOWN {
            let frames = [&frame(0, b"first")[..], &frame(1, b"second"), &frame(0, b"third")].concat();
            assert_eq!(
                pieces(&frames, encoding),
                (vec![frame(0, b"first").into()], Some(Code::Internal)),
                "{encoding}"
            );
        }
    }

    #[test]
    fn a_compressed_message_is_all_that_was_compressed_or_an_error() {
        for &encoding in KNOWN {
            let of = |message: &[u8]| compressed(message, encoding)[Frame::HEADER..].to_vec();
            let whole = of(b"a message");
            let twice = [&whole[..], &whole].concat();
            // A zlib stream (RFC 1950) is one, and not a series as the others are (RFC 1952, 2.2; RFC 8878, 3.1).
            let of_twice = match encoding.to_string().as_str() {
                "deflate" => Err(Code::Internal),
                _ => Ok(&b"a messagea message"[..]),
            };
            let (largest, larger) = (vec![7; LIMIT], vec![7; LIMIT + 1]);
            let mut cases = vec![
                ("a message", whole.clone(), Ok(&b"a message"[..])),
                ("nothing, compressed", of(b""), Ok(b"")),
                ("a message twice", twice, of_twice),
                ("a message, and then other bytes", [&whole[..], b"more"].concat(), Err(Code::Internal)),
                (
                    "a message, and then part of one",
                    [&whole[..], &whole[..whole.len() - 1]].concat(),
                    Err(Code::Internal),
                ),
                ("the largest message", of(&largest), Ok(&*largest)),
                ("one that is too large", of(&larger), Err(Code::ResourceExhausted)),
            ];
            cases.extend(
                (0..whole.len()).map(|end| ("a part of a message", whole[..end].to_vec(), Err(Code::Internal))),
            );
            for (claim, message, expected) in cases {
                let expected = match expected {
                    Ok(message) => (vec![frame(0, message).into()], None),
                    Err(code) => (vec![], Some(code)),
                };
                let claim = format!("{encoding}: {claim}, {} bytes", message.len());
                assert!(pieces(&frame(1, &message), encoding) == expected, "{claim}");
            }
        }
    }
}
