//! Diagnostics about a schema or an option of the generator, and the sorted report of a run.

use std::fmt;

/// A position in a `.proto` file, printed as `file:line:column`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Position {
    /// The name of the file as imports spell it: `user/v1/user.proto`.
    pub file: String,
    /// Line and column, both counted from 1; `None` for the file as a whole, and if there is no source info.
    pub line_column: Option<(u32, u32)>,
}

impl Position {
    /// Returns a position in `file`. Line and column are counted from 1; `None` stands for the file as a whole.
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

/// An error or a warning: what is wrong, where, and what to do about it.
///
/// ```
/// use rgrpc_schema::{Diagnostic, Position};
///
/// let position = Position::new("user.proto", Some((8, 7)));
/// let error = Diagnostic::at(position, "field `id` has no number").help("write `= 1`");
/// assert_eq!(error.to_string(), "user.proto:8:7: field `id` has no number\n  help: write `= 1`");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Diagnostic {
    /// Where in the schema; `None` if it is about an option of the generator.
    pub position: Option<Position>,
    /// The problem, in lower case, without a full stop.
    pub message: String,
    /// The remedy.
    pub help: Option<String>,
    /// The other position, if two elements clash.
    pub note: Option<Box<Note>>,
}

/// The other position of a clash, and what is there.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub struct Note {
    /// Where in the schema.
    pub position: Position,
    /// A remark on the element there, in lower case, without a full stop: `first declared here`.
    pub message: String,
}

impl Diagnostic {
    /// Returns a diagnostic about the schema at `position`.
    pub fn at(position: Position, message: impl Into<String>) -> Self {
        Self { position: Some(position), message: message.into(), help: None, note: None }
    }

    /// Returns a diagnostic without a position, such as one about an option of the generator.
    pub fn new(message: impl Into<String>) -> Self {
        Self { position: None, message: message.into(), help: None, note: None }
    }

    /// Replaces the position.
    #[must_use]
    pub fn with_position(self, position: Option<Position>) -> Self {
        Self { position, ..self }
    }

    /// Adds the remedy.
    #[must_use]
    pub fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    /// Adds the other position of a clash, and a remark on it.
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

/// All errors of a run, sorted by position once [`finish`](Self::finish) has been called.
///
/// It prints a line with their number first, because protoc prefixes only the first line of a plugin's error. So every diagnostic
/// starts its line with `file:line:column`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Errors(Vec<Diagnostic>);

impl Errors {
    /// Adds an error.
    pub fn push(&mut self, error: Diagnostic) {
        self.0.push(error);
    }

    /// Succeeds if no error was added.
    ///
    /// # Errors
    /// Fails with the errors that were added, sorted and without duplicates.
    pub fn finish(&mut self) -> Result<(), Self> {
        let mut errors = std::mem::take(&mut self.0);
        errors.sort();
        errors.dedup();
        if errors.is_empty() { Ok(()) } else { Err(Self(errors)) }
    }

    /// Returns the errors, in the order in which they are printed.
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
    fn a_clash_shows_both_of_its_positions() {
        let place = |line| Position { file: "a.proto".to_owned(), line_column: Some((line, 9)) };
        let clash = Diagnostic::at(place(5), "`A` is already defined").note(place(3), "first declared here");
        assert_eq!(
            clash.help("rename one").to_string(),
            "a.proto:5:9: `A` is already defined\n  note: a.proto:3:9: first declared here\n  help: rename one"
        );
    }
}
