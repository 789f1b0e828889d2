//! The flow-control windows and the frame size of a client, in bytes.
//!
//! h2 closes a connection with `too_many_data_frames` when the unread small DATA frames cost more than half of the connection's window.
//! A frame costs as many bytes as it is short of 256. The smallest message is a frame of 5 bytes, so messages that fill the window of a
//! stream may cost 50 times as much. The window of a connection is large enough that a server may send them.

/// The window of a stream: the limit of a call's unread responses.
pub(crate) const STREAM: u32 = 1024 * 1024;

/// The largest DATA frame. h2 reads and writes the socket once for each frame, and with the minimum of HTTP/2, 16 KiB, that costs more than
/// everything else.
pub(crate) const FRAME: u32 = 64 * 1024;

/// The window of a connection, which even the smallest messages in the window of one stream do not exhaust.
pub(crate) const CONNECTION: u32 = 128 * STREAM;
