//! The error of TLS settings that cannot be used.

use std::fmt;

/// The error of TLS settings that cannot be used; its text says why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidTls(String);

impl InvalidTls {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }

    pub(super) fn problem(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for InvalidTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TLS: {}", self.0)
    }
}

impl std::error::Error for InvalidTls {}
