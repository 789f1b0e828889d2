//! The size limits and compression of messages, for channels and servers.

use tonic::codec::CompressionEncoding;

/// tonic's default limit on received messages.
pub(crate) const DEFAULT_LIMIT: usize = 4 * 1024 * 1024;

/// The size limits, in bytes, and the compression of messages. Default: 4 MiB to receive, no limit to send, no compression.
#[derive(Debug, Clone, Default)]
pub(crate) struct MessageSettings {
    pub(crate) max_received: Option<usize>,
    /// The limit before compression.
    pub(crate) max_sent: Option<usize>,
    /// The encodings that the other side may use, the preferred one first.
    pub(crate) accepted: Vec<CompressionEncoding>,
    /// The encodings to use, the preferred one first. A client uses that one, and a server the first one that the client accepts.
    pub(crate) used: Vec<CompressionEncoding>,
    /// Only larger messages are compressed.
    pub(crate) compress_above: usize,
}
