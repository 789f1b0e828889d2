//! Tokens with their positions.

use super::line_column::LineColumn;
use crate::file::Span;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::parse) enum TokenKind {
    /// Before the first token.
    Start,
    /// After the last token.
    End,
    Identifier,
    Integer,
    Float,
    /// One literal, with its quotes.
    String,
    /// One character.
    Symbol,
}

/// A token, which never spans lines.
#[derive(Debug, Clone, Copy)]
pub(in crate::parse) struct Token<'a> {
    pub(in crate::parse) kind: TokenKind,
    pub(in crate::parse) text: &'a [u8],
    /// The offset of the token in the file.
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

    /// Returns whether the token is a string without its closing quote: it swallowed the rest of its line.
    pub(in crate::parse) fn is_cut_off(&self) -> bool {
        self.kind == TokenKind::String && (self.text.len() == 1 || self.text.first() != self.text.last())
    }

    /// Describes the token for an error.
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
