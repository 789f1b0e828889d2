//! What a server was told about its calls; gives tonic's server with the same settings.

use super::interceptor::Intercept;
use crate::codec::BytesCodec;
use std::sync::Arc;
use tonic::{codec::CompressionEncoding, server::Grpc};

#[derive(Clone, Default)]
pub(crate) struct Settings {
    pub(crate) max_decoding_message_size: Option<usize>,
    pub(crate) max_encoding_message_size: Option<usize>,
    pub(crate) accept_compressed: Vec<CompressionEncoding>,
    pub(crate) send_compressed: Vec<CompressionEncoding>,
    pub(crate) interceptors: Vec<Arc<dyn Intercept>>,
}

impl Settings {
    /// tonic's server, without the limit on sent messages, which tonic would apply to their compressed size.
    pub(crate) fn grpc(&self, codec: BytesCodec) -> Grpc<BytesCodec> {
        let codec = if self.accept_compressed.is_empty() { codec.receiving_uncompressed() } else { codec };
        let mut grpc = Grpc::new(codec);
        if let Some(limit) = self.max_decoding_message_size {
            grpc = grpc.max_decoding_message_size(limit);
        }
        for encoding in &self.accept_compressed {
            grpc = grpc.accept_compressed(*encoding);
        }
        for encoding in &self.send_compressed {
            grpc = grpc.send_compressed(*encoding);
        }
        grpc
    }
}
