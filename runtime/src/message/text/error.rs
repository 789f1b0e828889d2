//! The error of text that cannot be parsed, or of a message that cannot be printed.

use std::fmt;

use crate::message::transcode::error;

/// The error of text that cannot be parsed, with its line and column: `3:7: expected a number, found ..`. Also the error of a message that
/// cannot be printed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Error(pub(super) String);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<error::TranscodeError> for Error {
    fn from(error: error::TranscodeError) -> Self {
        Self(error.to_string())
    }
}
