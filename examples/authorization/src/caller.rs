//! The authenticated caller, which an interceptor passes to handlers.

use rgrpc::{Extensions, Status};

/// The authenticated caller of a method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The unique name.
    pub name: String,
    /// The scopes that were granted to the caller.
    pub scopes: Vec<String>,
}

impl Caller {
    /// Returns the caller from the extensions of a request.
    ///
    /// # Errors
    ///
    /// Returns `UNAUTHENTICATED` if no interceptor has authenticated the caller.
    pub fn of(extensions: &Extensions) -> Result<&Self, Status> {
        extensions.get().ok_or_else(|| Status::unauthenticated("the caller is not authenticated"))
    }
}
