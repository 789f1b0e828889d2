//! The flow-control windows of a client, and the largest frame, in bytes: how much arrives at once, and before it is read.
//!
//! h2 ends a connection, as `too_many_data_frames`, where the small DATA frames that wait on it cost more than half of the connection's
//! window: each costs what it lacks of 256 bytes. The smallest message is a frame of 5 bytes, so the messages that fill the window of a
//! stream cost 50 times as much as they hold, and a server that may send them must not lose its connection for it.

/// The window of a stream: what a call may hold that nobody reads.
pub(crate) const STREAM: u32 = 1024 * 1024;

/// The largest DATA frame, which a server fills with what is ready: h2 reads and writes the socket once for each, and 16 KiB, the least that
/// HTTP/2 lets one choose, costs more in that than in all else.
pub(crate) const FRAME: u32 = 64 * 1024;

/// The window of a connection: room for the least that a stream can hold in the smallest messages.
pub(crate) const CONNECTION: u32 = 128 * STREAM;
