//! The size limits and compression of messages, of a channel or a server.

use tonic::codec::CompressionEncoding;

/// tonic's limit on received messages where none is set.
pub(crate) const DEFAULT_LIMIT: usize = 4 * 1024 * 1024;

/// The largest messages, in bytes, and which compression is used for them. Default: 4 MiB to receive, no limit to send, no compression.
#[derive(Debug, Clone, Default)]
pub(crate) struct MessageSettings {
    pub(crate) max_received: Option<usize>,
    /// Before compression.
    pub(crate) max_sent: Option<usize>,
    /// The encodings that the other side may use, the preferred one first.
    pub(crate) accepted: Vec<CompressionEncoding>,
    /// The encodings to use, the preferred one first: a client uses that, a server the first one that the client accepts.
    pub(crate) used: Vec<CompressionEncoding>,
    /// Only larger messages are compressed.
    pub(crate) compress_above: usize,
}
