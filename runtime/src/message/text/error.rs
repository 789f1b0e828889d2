//! The error of a text that cannot be read, or a message that cannot be written.

use std::fmt;

use crate::message::transcode::error;

/// Why a text was not read, and where, `3:7: expected a number`, or why a message was not written.
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
