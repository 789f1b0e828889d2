//! The connectivity states of a channel and its servers. Source: gRPC's connectivity-semantics-and-api.md.

/// The connectivity state of a channel, or of one of its servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// Not connected, because there are no calls.
    Idle,
    /// Connecting. Calls wait.
    Connecting,
    /// Connected.
    Ready,
    /// Failed to connect, and will try again. Calls fail, unless they [wait](crate::Call::wait_for_ready). The state lasts until a connection
    /// succeeds (gRFC A62).
    TransientFailure,
}
