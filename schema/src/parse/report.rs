//! Collects the errors and warnings of a file while it is parsed.

use super::lexer::LineColumn;
use crate::{Diagnostic, Position};

/// The most errors that are kept: a file that is not text at all may have one for each byte.
const MAX_ERRORS: usize = 1000;

#[derive(Debug)]
pub(super) struct ParseReport {
    file: String,
    pub(super) errors: Vec<Diagnostic>,
    pub(super) warnings: Vec<Diagnostic>,
    last: Option<LineColumn>,
    /// Where the last malformed token is.
    malformed: Option<LineColumn>,
    /// Where the current statement starts.
    pub(super) statement: LineColumn,
}

impl ParseReport {
    pub(super) fn new(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            errors: Vec::new(),
            warnings: Vec::new(),
            last: None,
            malformed: None,
            statement: LineColumn::default(),
        }
    }

    /// Adds an error about a malformed token. Further errors of the statement are consequences of it, and are dropped.
    pub(super) fn malformed(&mut self, place: LineColumn, message: impl Into<String>) {
        self.malformed = None;
        self.error(place, message);
        self.malformed = Some(place);
    }

    /// Adds an error, unless the previous one is at the same position.
    pub(super) fn error(&mut self, place: LineColumn, message: impl Into<String>) {
        self.push(place, Diagnostic::at(self.position(place), message));
    }

    /// Adds an error with a remedy.
    pub(super) fn error_with_help(&mut self, place: LineColumn, message: impl Into<String>, help: impl Into<String>) {
        self.push(place, Diagnostic::at(self.position(place), message).help(help));
    }

    /// Adds an error with a second position.
    pub(super) fn error_with_note(&mut self, place: LineColumn, message: impl Into<String>, note: (LineColumn, &str)) {
        self.push(place, Diagnostic::at(self.position(place), message).note(self.position(note.0), note.1));
    }

    pub(super) fn warning(&mut self, place: LineColumn, message: impl Into<String>, help: impl Into<String>) {
        self.warnings.push(Diagnostic::at(self.position(place), message).help(help));
    }

    fn push(&mut self, place: LineColumn, error: Diagnostic) {
        if self.last != Some(place) && self.malformed < Some(self.statement) && self.errors.len() < MAX_ERRORS {
            self.errors.push(error);
        }
        self.last = Some(place);
    }

    fn position(&self, place: LineColumn) -> Position {
        Position {
            file: self.file.clone(),
            line_column: Some((place.line.saturating_add(1), place.column.saturating_add(1))),
        }
    }
}
