//! The rules that a service config has to follow.

/// The rules that a service config has to follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// The rules of gRPC: gRFC A2, A6 and A21.
    Grpc,
    /// The rules of Google's GAPIC client generators, which are more lenient than those of gRPC in three points:
    ///
    /// - A retry policy may lack `maxAttempts`, which is then [`MAX_ATTEMPTS`](crate::MAX_ATTEMPTS).
    /// - `retryableStatusCodes` may be empty.
    /// - A name may be repeated. The first one counts; [`Config::ignored`](crate::Config::ignored) lists the others.
    Gapic,
}
