//! Collects the errors and warnings of a file in a pass.

use super::elements::{Element, Elements};
use crate::file::{File, Span};
use crate::{Diagnostic, Position};

/// The most errors that a pass reports for a file.
const MAX_ERRORS: usize = 1000;

/// The most comparisons of names that a pass makes for the suggestions in a file: each unknown name is compared with all others.
const MAX_COMPARISONS: usize = 2_000_000;

/// The errors and warnings of a file, in the order in which they were found.
pub(super) struct Report<'a> {
    elements: &'a Elements<'a>,
    pub errors: Vec<Diagnostic>,
    pub warnings: Vec<Diagnostic>,
    /// The number of names that were compared.
    compared: usize,
}

/// Returns the position of a span; a decoded file has no lines.
pub(super) fn position(file: &File, span: Span) -> Position {
    let line_column = file.encoded.is_none().then_some((span.start_line + 1, span.start_column + 1));
    Position { file: file.name.clone(), line_column }
}

impl<'a> Report<'a> {
    pub fn new(elements: &'a Elements<'a>) -> Self {
        Self { elements, errors: Vec::new(), warnings: Vec::new(), compared: 0 }
    }

    pub fn position(&self, span: Span) -> Position {
        position(self.elements.file, span)
    }

    pub fn span(&self, element: u32) -> Span {
        self.elements.entry(element).span()
    }

    /// Returns the position of an element's name.
    pub fn position_of(&self, element: u32) -> Position {
        self.position(self.elements.entry(element).span())
    }

    pub fn error(&mut self, span: Span, message: impl Into<String>) {
        self.error_with(span, message, |error| error);
    }

    pub fn error_with(&mut self, span: Span, message: impl Into<String>, with: impl FnOnce(Diagnostic) -> Diagnostic) {
        if !self.is_full() {
            self.errors.push(with(Diagnostic::at(self.position(span), message)));
        }
    }

    /// Returns whether further errors would be dropped.
    pub fn is_full(&self) -> bool {
        self.errors.len() >= MAX_ERRORS
    }

    /// Returns whether a name may be compared with this many others.
    pub fn may_compare(&mut self, names: usize) -> bool {
        self.compared += names;
        self.compared <= MAX_COMPARISONS
    }

    pub fn element_error(
        &mut self,
        element: u32,
        message: impl Into<String>,
        with: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let entry = self.elements.entry(element);
        let span = match entry.element {
            Element::File(file) => syntax_span(file),
            _ => entry.span(),
        };
        self.error_with(span, message, with);
    }

    pub fn warning(&mut self, span: Span, message: impl Into<String>, with: impl FnOnce(Diagnostic) -> Diagnostic) {
        self.warnings.push(with(Diagnostic::at(self.position(span), message)));
    }
}

/// Returns where the `syntax` or `edition` of a file is stated.
pub(super) fn syntax_span(file: &File) -> Span {
    let location = file.locations.iter().find(|(path, _)| matches!(path, [12 | 14]));
    location.map(|(_, location)| location.span).unwrap_or_default()
}
