//! The states of a connection, and of a channel over several. Source: gRPC's document on connectivity.

/// How a channel, or one of its servers, is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// Not at all, because nobody calls.
    Idle,
    /// It is being tried. Calls wait.
    Connecting,
    /// It is.
    Ready,
    /// It was tried without success, and will be again. Calls fail, unless they were told to wait. It lasts until a connection stands
    /// (gRFC A62).
    TransientFailure,
}
