//! The error of a server that cannot be reached.

use std::error::Error;
use std::fmt;
use std::sync::Arc;

use super::happy_eyeballs::Failures;
use crate::BoxError;

/// The error of an attempt to connect, which all waiting calls share.
#[derive(Debug, Clone)]
pub(crate) struct Unreachable {
    message: Arc<str>,
    source: Option<Arc<dyn Error + Send + Sync>>,
}

impl Unreachable {
    pub(crate) fn new(message: &str) -> Self {
        Self { message: message.into(), source: None }
    }

    /// An error with a single cause.
    pub(crate) fn by(source: impl Into<BoxError>) -> Self {
        let source: Arc<dyn Error + Send + Sync> = Arc::from(source.into());
        Self { message: source.to_string().into(), source: Some(source) }
    }

    /// An error with a cause for each address, of which the first is the source.
    pub(crate) fn at(failures: Failures) -> Self {
        let message = failures.text().into();
        match failures.into_first() {
            Some(first) => Self { message, source: Some(Arc::from(first)) },
            None => Self::new("the server has no address"),
        }
    }
}

impl fmt::Display for Unreachable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Unreachable {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
