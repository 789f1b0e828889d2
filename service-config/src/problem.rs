//! Problems of a service config, with their places.

use std::fmt;

/// One thing that is wrong, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    path: String,
    /// How many bytes are before it.
    at: usize,
    position: (u32, u32),
    message: String,
}

impl Problem {
    pub(crate) fn new(path: impl Into<String>, at: usize, message: impl Into<String>) -> Self {
        Self { path: path.into(), at, position: (1, 1), message: message.into() }
    }

    /// The path to it in the JSON, such as `.methodConfig[0].retryPolicy.maxAttempts`; `.` for the whole.
    #[must_use]
    pub fn path(&self) -> &str {
        if self.path.is_empty() { "." } else { &self.path }
    }

    /// The line and the column of it in the JSON, or of the object that it is missing from, counted as [`position`] does.
    #[must_use]
    pub fn position(&self) -> (u32, u32) {
        self.position
    }

    /// The problem, and the text to write instead.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path(), self.message)?;
        match self.position {
            (line, column) if self.path.is_empty() && self.at > 0 => write!(f, " at line {line} column {column}"),
            _ => Ok(()),
        }
    }
}

/// Settles the lines and columns of problems, in one pass over the text.
pub(crate) fn locate(text: &str, problems: &mut [Problem]) {
    let mut sorted: Vec<_> = problems.iter_mut().collect();
    sorted.sort_by_key(|problem| problem.at);
    let (mut passed, mut position) = (0, (1, 1));
    for problem in sorted {
        position = text[passed..problem.at].bytes().fold(position, after);
        passed = problem.at;
        problem.position = position;
    }
}

/// Returns the line and the column behind the first `at` bytes of a text. Both count from 1, and columns as protoc counts them: in bytes,
/// with tabs up to the next multiple of 8.
#[must_use]
pub fn position(text: &str, at: usize) -> (u32, u32) {
    text.bytes().take(at).fold((1, 1), after)
}

fn after((line, column): (u32, u32), byte: u8) -> (u32, u32) {
    match byte {
        b'\n' => (line.saturating_add(1), 1),
        b'\t' => (line, column.div_ceil(8) * 8 + 1),
        _ => (line, column.saturating_add(1)),
    }
}

/// A service config that breaks a rule; its text has one line for each problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidServiceConfig {
    problems: Vec<Problem>,
}

impl InvalidServiceConfig {
    pub(crate) fn new(problems: Vec<Problem>) -> Self {
        Self { problems }
    }

    /// Everything that is wrong, by the part of the config that it is in.
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
