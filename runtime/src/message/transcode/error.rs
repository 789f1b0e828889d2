//! The error of a value, with the path of its field.

use std::fmt;

pub(crate) type Result<T> = std::result::Result<T, TranscodeError>;

/// `home.city: expected a string`
#[derive(Debug)]
pub(crate) struct TranscodeError {
    path: String,
    message: String,
}

impl TranscodeError {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self { path: String::new(), message: message.into() }
    }

    /// Prepends the name of a field to the path.
    #[cfg(feature = "json")]
    pub(crate) fn within(mut self, field: &str) -> Self {
        self.path = if self.path.is_empty() { field.to_owned() } else { format!("{field}.{}", self.path) };
        self
    }
}

impl fmt::Display for TranscodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, message } = self;
        if path.is_empty() { f.write_str(message) } else { write!(f, "{path}: {message}") }
    }
}

impl From<prost::DecodeError> for TranscodeError {
    fn from(error: prost::DecodeError) -> Self {
        Self::new(error.to_string())
    }
}
