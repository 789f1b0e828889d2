//! Problems of a service config, with their positions.

use std::fmt;

/// A problem of a service config, and where it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    path: String,
    /// The offset in the JSON, in bytes.
    offset: usize,
    position: (u32, u32),
    message: String,
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, offset: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), offset, position: (1, 1), message: message.into() }
    }

    /// Returns the path in the JSON, such as `.methodConfig[0].retryPolicy.maxAttempts`; `.` for the whole document.
    #[must_use]
    pub fn path(&self) -> &str {
        if self.path.is_empty() { "." } else { &self.path }
    }

    /// Returns the line and the column in the JSON, counted as by [`position`]; of a missing field, those of the object around it.
    #[must_use]
    pub fn position(&self) -> (u32, u32) {
        self.position
    }

    /// Returns what is wrong, and what to write instead.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path(), self.message)?;
        match self.position {
            (line, column) if self.path.is_empty() && self.offset > 0 => write!(f, " at line {line} column {column}"),
            _ => Ok(()),
        }
    }
}

/// Sets the lines and columns of problems, in one pass over the text.
pub(crate) fn locate(text: &str, problems: &mut [Problem]) {
    let mut sorted: Vec<_> = problems.iter_mut().collect();
    sorted.sort_by_key(|problem| problem.offset);
    let (mut passed, mut position) = (0, (1, 1));
    for problem in sorted {
        position = text[passed..problem.offset].bytes().fold(position, after);
        passed = problem.offset;
        problem.position = position;
    }
}

/// Converts an offset in a text, in bytes, to a line and a column.
///
/// Both are counted from 1. As in protoc's errors, columns are bytes, and a tab advances to the next multiple of 8.
///
/// ```
/// assert_eq!(rgrpc_service_config::position("{\n  \"timeout\": 1\n}", 4), (2, 3));
/// ```
#[must_use]
pub fn position(text: &str, offset: usize) -> (u32, u32) {
    text.bytes().take(offset).fold((1, 1), after)
}

fn after((line, column): (u32, u32), byte: u8) -> (u32, u32) {
    match byte {
        b'\n' => (line.saturating_add(1), 1),
        b'\t' => (line, column.div_ceil(8) * 8 + 1),
        _ => (line, column.saturating_add(1)),
    }
}

/// The error about an invalid service config. It prints one line for each problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidServiceConfig {
    problems: Vec<Problem>,
}

impl InvalidServiceConfig {
    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// Returns all problems, grouped by the part of the config that they are in.
    #[must_use]
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }
}

impl fmt::Display for InvalidServiceConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, problem) in self.problems.iter().enumerate() {
            let line = if i == 0 { "" } else { "\n" };
            write!(f, "{line}service config: {problem}")?;
        }
        Ok(())
    }
}

impl std::error::Error for InvalidServiceConfig {}
