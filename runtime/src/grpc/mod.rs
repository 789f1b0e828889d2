//! One uncompressed message in each direction, read and written here; whatever else a body holds is left to tonic.
//!
//! The clauses are those of <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>, and each file names its own. A unary call
//! that succeeds without compression never leaves this module. A reader that finds anything else (another number of messages, a message
//! that is compressed, cut off, malformed or too large, a status that is not OK) gives the body back as it came, so that those cases
//! have one implementation, tonic's.

mod body;
mod frame;
mod head;
mod only;

pub(crate) use body::OneFrame;
pub(crate) use frame::Frame;
pub(crate) use head::{custom, for_http, is_compressed, request_head, response_head};
pub(crate) use only::{Only, only};
