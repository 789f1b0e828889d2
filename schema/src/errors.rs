//! Errors of a schema or an option: diagnostics go in one by one, a sorted report comes out.

use std::fmt;

/// A place in a `.proto` file, printed as `file:line:col`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Position {
    /// The file's name as the descriptor gives it: `user/v1/user.proto`.
    pub file: String,
    /// Line and column, both counted from 1; absent where the descriptor has no source info.
    pub line_column: Option<(u32, u32)>,
}

impl Position {
    /// Returns a place in `file`; line and column are counted from 1, and absent where nobody knows them.
    pub fn new(file: impl Into<String>, line_column: Option<(u32, u32)>) -> Self {
        Self { file: file.into(), line_column }
    }
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        match self.line_column {
            Some((line, column)) => write!(f, ":{line}:{column}"),
            None => Ok(()),
        }
    }
}

/// One error or warning: where, what, and the way out.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Where in the schema; absent for an option.
    pub position: Option<Position>,
    /// The problem, in lower case, without a full stop.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
    /// The other place, where two clash.
    pub note: Option<Box<Note>>,
}

/// The other place of a clash, and what is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Note {
    /// Where in the schema.
    pub position: Position,
    /// The element there, in lower case, without a full stop: `first declared here`.
    pub message: String,
}

impl Diagnostic {
    /// Returns a diagnostic about the schema at `position`.
    pub fn at(position: Position, message: impl Into<String>) -> Self {
        Self { position: Some(position), message: message.into(), help: None, note: None }
    }

    /// Returns a diagnostic that has no place in the schema, such as one about an option.
    pub fn new(message: impl Into<String>) -> Self {
        Self { position: None, message: message.into(), help: None, note: None }
    }

    /// Replaces the place in the schema.
    #[must_use]
    pub fn with_position(self, position: Option<Position>) -> Self {
        Self { position, ..self }
    }

    /// Adds what to do next.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Adds the other place of a clash, and what is there.
    #[must_use]
    pub fn note(self, position: Position, message: impl Into<String>) -> Self {
        Self { note: Some(Box::new(Note { position, message: message.into() })), ..self }
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(position) = &self.position {
            write!(f, "{position}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(Note { position, message }) = self.note.as_deref() {
            write!(f, "\n  note: {position}: {message}")?;
        }
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// Every error of a run, sorted by position.
///
/// The first line is the count, because protoc puts a prefix of its own on the first line only; after it, every
/// diagnostic starts its line with `file:line:col`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors(Vec<Diagnostic>);

impl Errors {
    /// Adds an error.
    pub fn push(&mut self, error: Diagnostic) {
        self.0.push(error);
    }

    /// Returns the errors, sorted and without repetitions, or `Ok` if there are none.
    ///
    /// # Errors
    /// Fails with `self` if any error was pushed.
    pub fn finish(&mut self) -> Result<(), Self> {
        let mut errors = std::mem::take(&mut self.0);
        errors.sort();
        errors.dedup();
        if errors.is_empty() { Ok(()) } else { Err(Self(errors)) }
    }

    /// Returns the errors in the order in which they are printed.
    #[must_use]
    pub fn as_slice(&self) -> &[Diagnostic] {
        &self.0
    }
}

impl Extend<Diagnostic> for Errors {
    fn extend<T: IntoIterator<Item = Diagnostic>>(&mut self, errors: T) {
        self.0.extend(errors);
    }
}

impl IntoIterator for Errors {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

impl From<Diagnostic> for Errors {
    fn from(error: Diagnostic) -> Self {
        Self(vec![error])
    }
}

impl fmt::Display for Errors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0.len() {
            1 => f.write_str("1 error")?,
            n => write!(f, "{n} errors")?,
        }
        self.0.iter().try_for_each(|error| write!(f, "\n{error}"))
    }
}

impl std::error::Error for Errors {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clash_shows_both_of_its_places() {
        let place = |line| Position { file: "a.proto".to_owned(), line_column: Some((line, 9)) };
        let clash = Diagnostic::at(place(5), "`A` is already defined").note(place(3), "first declared here");
        assert_eq!(
            clash.help("rename one").to_string(),
            "a.proto:5:9: `A` is already defined\n  note: a.proto:3:9: first declared here\n  help: rename one"
        );
    }
}
