//! gRPC over HTTP/2, a file for each clause of <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>.
//!
//! `response` examines every response before anything decodes it, so that a call ends with gRPC's code whoever reads the messages. This
//! module reads and writes uncompressed messages itself, one alone (`single_message`, `body`) or a stream of them (`message_reader`,
//! `message_body`). tonic compresses messages; `decompress` decompresses them.

mod batch;
mod binary_metadata;
mod body;
mod boundary;
mod cancelled;
pub(crate) mod codec;
mod compressed;
mod compression;
mod content_type;
mod decompress;
mod frame;
mod frame_tracker;
mod headers;
mod http_status;
mod message_body;
mod message_buf;
mod message_reader;
#[cfg(feature = "channel")]
mod never_sent;
mod request;
mod response;
mod single_message;
mod status;
pub(crate) mod timeout;
mod trailers;
mod transport_error;

#[cfg(feature = "tracing")]
pub(crate) use batch::Fill;
pub(crate) use batch::{Batch, BoxFill, Filled};
pub(crate) use binary_metadata::split_binary;
pub(crate) use body::OneFrame;
pub(crate) use boundary::{Flags, check_received};
pub(crate) use cancelled::{cancelled, reset_by_cancel};
pub(crate) use compressed::Compressed;
pub(crate) use compression::{accepted_encoding, compress, encoding_value, known_encoding, requested_encoding};
pub(crate) use content_type::{ContentType, content_type};
pub(crate) use frame::Frame;
pub(crate) use frame_tracker::FrameTracker;
pub(crate) use headers::{GRPC_ENCODING, complete_for_http, custom, is_compressed, request, response_head};
pub(crate) use message_body::{MessageBody, MessageSource};
pub(crate) use message_buf::MessageBuf;
pub(crate) use message_reader::MessageReader;
#[cfg(feature = "channel")]
pub(crate) use never_sent::NeverSent;
pub(crate) use request::{Arrival, Expected, examine_request};
pub(crate) use response::{Acceptable, Examined, examine};
pub(crate) use single_message::{SingleMessage, single_message};
#[cfg(feature = "channel")]
pub(crate) use status::percent_decode;
pub(crate) use status::read_status;
pub(crate) use trailers::{received, trailers, trailers_only};
pub(crate) use transport_error::{Reached, reached, status_of_failure};
