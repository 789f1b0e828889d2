//! The error of a call that its connection could not take.

use std::error::Error;
use std::fmt;

/// A call that was not sent, because of an error of the connection.
#[derive(Debug)]
pub(crate) struct NeverSent(pub(crate) h2::Error);

impl fmt::Display for NeverSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the call was not sent: {}", self.0)
    }
}

impl Error for NeverSent {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.0)
    }
}
