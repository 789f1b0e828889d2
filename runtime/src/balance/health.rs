//! The health of a server, as its health check says it.

use std::sync::Arc;

/// The health of a server, as far as it is known.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Health {
    /// Nobody asks, or the server cannot tell.
    Unchecked,
    /// It has not answered yet.
    Awaited,
    Serving,
    /// With the reason.
    NotServing(Arc<str>),
}
