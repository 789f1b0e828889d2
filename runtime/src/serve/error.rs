//! The error of a server that cannot start.

use std::error::Error;
use std::fmt;

/// The error of a server that cannot start. Its text gives the reason and the remedy.
#[derive(Debug)]
pub struct ServeError {
    message: String,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl ServeError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), source: None }
    }

    /// The error of an `attempt` that failed because of `error`, which becomes the source.
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
