//! The error of TLS settings that cannot be used.

use std::fmt;

/// The error of TLS settings that cannot be used; its text says why.
#[derive(Debug)]
pub(crate) struct InvalidTls(String);

impl InvalidTls {
    pub(super) fn new(problem: impl Into<String>) -> Self {
        Self(problem.into())
    }
}

impl fmt::Display for InvalidTls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for InvalidTls {}
