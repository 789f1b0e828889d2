//! The error of a call that its connection did not send.

use std::error::Error;
use std::fmt;

/// The error of the connection because of which a call was not sent.
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
