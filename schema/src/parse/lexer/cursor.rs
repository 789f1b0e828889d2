//! A position in a text that keeps track of line and column.

use super::line_column::LineColumn;
use super::token::Token;

const TAB: usize = 8;

/// A position in a text. Columns count bytes, and a tab advances to the next multiple of 8.
#[derive(Debug, Clone, Copy)]
pub(super) struct Cursor<'a> {
    text: &'a [u8],
    offset: usize,
    line: u32,
    line_start: usize,
    /// The columns that the tabs of this line take beyond their one byte each.
    tab_columns: usize,
}

impl<'a> Cursor<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, offset: 0, line: 0, line_start: 0, tab_columns: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.get(self.offset).copied()
    }

    pub(super) fn rest(&self) -> &'a [u8] {
        &self.text[self.offset..]
    }

    /// Returns the text from `start` to here.
    pub(super) fn since(&self, start: &Self) -> &'a [u8] {
        &self.text[start.offset..self.offset]
    }

    pub(super) fn offset(&self) -> usize {
        self.offset
    }

    /// Returns the text from the end of a token to the start of another.
    pub(super) fn between(&self, first: &Token<'a>, second: &Token<'a>) -> &'a [u8] {
        &self.text[first.offset + first.text.len()..second.offset]
    }

    pub(super) fn column(&self) -> u32 {
        u32::try_from(self.offset - self.line_start + self.tab_columns).unwrap_or(u32::MAX)
    }

    pub(super) fn place(&self) -> LineColumn {
        LineColumn { line: self.line, column: self.column() }
    }

    /// Advances by one byte of any kind.
    pub(super) fn bump(&mut self) {
        match self.peek() {
            Some(b'\n') => {
                self.offset += 1;
                self.line += 1;
                self.line_start = self.offset;
                self.tab_columns = 0;
            }
            Some(b'\t') => {
                let column = self.offset - self.line_start + self.tab_columns;
                self.tab_columns += TAB - 1 - column % TAB;
                self.offset += 1;
            }
            Some(_) => self.offset += 1,
            None => {}
        }
    }

    /// Advances by `count` bytes, none of which is a tab or a newline.
    pub(super) fn skip(&mut self, count: usize) {
        self.offset += count;
    }

    pub(super) fn bump_if(&mut self, class: impl Fn(u8) -> bool) -> bool {
        let found = self.peek().is_some_and(class);
        if found {
            self.bump();
        }
        found
    }

    pub(super) fn bump_while(&mut self, class: impl Fn(u8) -> bool) {
        while self.bump_if(&class) {}
    }

    /// Skips bytes of a class that contains neither tabs nor newlines.
    pub(super) fn skip_while(&mut self, class: impl Fn(u8) -> bool) {
        let rest = self.rest();
        self.offset += rest.iter().position(|&byte| !class(byte)).unwrap_or(rest.len());
    }
}
