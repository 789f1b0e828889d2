//! The error of the setup, or of the shutdown.

use std::error::Error;
use std::fmt;

use crate::BoxError;

/// The error of a setup, or of a collector that did not accept the last spans.
#[derive(Debug)]
pub struct SetupError {
    problem: String,
    source: BoxError,
}

impl SetupError {
    pub(super) fn new(problem: impl Into<String>, source: impl Into<BoxError>) -> Self {
        Self { problem: problem.into(), source: source.into() }
    }
}

impl fmt::Display for SetupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.problem, self.source)
    }
}

impl Error for SetupError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}
