//! Who makes a call, as an interceptor found out and handlers are told.

use rgrpc::{Extensions, Status};

/// Who makes a call, and what for they may.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The name, unique among callers.
    pub name: String,
    /// The permissions of the caller, as methods name them.
    pub scopes: Vec<String>,
}

impl Caller {
    /// The caller of the request with these extensions.
    ///
    /// # Errors
    ///
    /// `UNAUTHENTICATED` if nobody found out.
    pub fn of(extensions: &Extensions) -> Result<&Self, Status> {
        extensions.get().ok_or_else(|| Status::unauthenticated("nobody knows who calls"))
    }
}
