//! The error of a server that cannot start, with what to do about it.

use std::error::Error;
use std::fmt;

/// The error of a server that cannot start; its text says what to do about it.
#[derive(Debug)]
pub struct ServeError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl ServeError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// Says what was attempted, and adds why it failed.
    pub(super) fn because(attempt: impl fmt::Display, error: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        let source = error.into();
        Self { message: format!("{attempt}: {source}"), source: Some(source) }
    }
}

impl fmt::Display for ServeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ServeError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
