//! Errors about elements.

use crate::full_name::is_name;
use crate::{Diagnostic, Position};

/// How deep messages may nest.
pub(super) const NESTING_LIMIT: usize = 32;

/// An error about an element: the part of the message after the element's name.
pub(super) struct Violation {
    message: String,
    help: Option<String>,
}

impl Violation {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    pub(super) fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    pub(super) fn at(self, position: Position, element: &str) -> Diagnostic {
        Diagnostic { help: self.help, ..Diagnostic::at(position, format!("{element} {}", self.message)) }
    }
}

/// Checks the name of an element.
pub(super) fn name_violation(name: Option<&str>) -> Option<Violation> {
    match name.unwrap_or_default() {
        "" => Some(Violation::new("has no name")),
        name if is_name(name) => None,
        name => Some(
            Violation::new(format!("has the name `{}`, which is not an identifier", name.escape_debug()))
                .help("use letters, digits and `_` only"),
        ),
    }
}

pub(super) fn is_identifier(name: &str) -> bool {
    is_name(name) && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
}
