//! Whose rules a config is held to.

/// Whose rules a config is held to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rules {
    /// gRFC A2, A6 and A21.
    Grpc,
    /// Those of the generators of GAPIC clients, which let three things pass that gRPC's do not:
    ///
    /// - `maxAttempts` may be missing from a retry policy; it counts as [`MOST_ATTEMPTS`](crate::MOST_ATTEMPTS).
    /// - `retryableStatusCodes` may be empty.
    /// - A name may stand there twice. The first one counts; [`Config::ignored`](crate::Config::ignored) has the others.
    Gapic,
}
