//! The states of a connection, and of a channel over several. Source: gRPC's document on connectivity.

/// How a channel, or one of its servers, is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum State {
    /// It is not connected, because nobody calls.
    Idle,
    /// It is connecting. Calls wait.
    Connecting,
    /// It is connected.
    Ready,
    /// It could not connect, and will try again. Calls fail, unless they were told to wait. This lasts until it is connected (gRFC A62).
    TransientFailure,
}
