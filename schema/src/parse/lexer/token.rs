//! One token and where it stands.

use super::line_column::LineColumn;
use crate::file::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum TokenKind {
    /// In front of the first token.
    Start,
    /// Behind the last one.
    End,
    Identifier,
    Integer,
    Float,
    /// One literal, with its quotes.
    String,
    /// One character.
    Symbol,
}

/// A token; none goes over the end of a line.
#[derive(Debug, Clone, Copy)]
pub(in crate::parse) struct Token<'a> {
    pub(in crate::parse) kind: TokenKind,
    pub(in crate::parse) text: &'a [u8],
    /// Where the text begins in that of the file.
    pub(super) offset: usize,
    pub(in crate::parse) start: LineColumn,
    pub(in crate::parse) end_column: u32,
}

impl Token<'_> {
    pub(in crate::parse) const START: Self =
        Self { kind: TokenKind::Start, text: &[], offset: 0, start: LineColumn { line: 0, column: 0 }, end_column: 0 };

    /// Returns the span from the start of `self` to the end of `last`.
    pub(in crate::parse) fn to(&self, last: &Self) -> Span {
        Span {
            start_line: self.start.line,
            start_column: self.start.column,
            end_line: last.start.line,
            end_column: last.end_column,
        }
    }

    pub(in crate::parse) fn span(&self) -> Span {
        self.to(self)
    }

    /// Whether it is a string that ends with its line: what would have ended its statement is in it.
    pub(in crate::parse) fn is_cut_off(&self) -> bool {
        self.kind == TokenKind::String && (self.text.len() == 1 || self.text.first() != self.text.last())
    }

    /// Says what the token is, for an error about it.
    pub(in crate::parse) fn describe(&self) -> String {
        const LONGEST: usize = 40;
        let text = String::from_utf8_lossy(self.text);
        match self.kind {
            TokenKind::Start | TokenKind::End => "the end of the file".into(),
            _ if text.chars().count() > LONGEST => {
                format!("`{}..`", text.chars().take(LONGEST).collect::<String>())
            }
            _ => format!("`{text}`"),
        }
    }
}
