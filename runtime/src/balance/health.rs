//! The health of a server, as its health check reports it.

use std::sync::Arc;

/// The health of a server.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Health {
    /// Not checked, or the server has no health service.
    Unchecked,
    /// The server has not answered yet.
    Awaited,
    Serving,
    /// The reason.
    NotServing(Arc<str>),
}
