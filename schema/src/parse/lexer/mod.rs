//! Splits a text into tokens.

mod comment;
mod cursor;
mod line_column;
mod number;
mod string;
mod token;

use super::report::ParseReport;
use cursor::Cursor;

pub(super) use comment::CommentsBetween;
pub(super) use line_column::LineColumn;
pub(super) use number::float;
pub(crate) use number::integer;
pub(crate) use string::unescape;
pub use string::unescaped;
pub(super) use token::{Token, TokenKind};

/// Returns the tokens of a text one by one. A malformed token is reported, and returned nevertheless.
#[derive(Debug)]
pub(super) struct Lexer<'a> {
    cursor: Cursor<'a>,
    pub(super) report: ParseReport,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8], report: ParseReport) -> Self {
        Self { cursor: Cursor::new(text), report }
    }

    /// Returns the token after `previous`, skipping blanks and comments.
    pub(super) fn next(&mut self, previous: &Token<'a>) -> Token<'a> {
        loop {
            self.cursor.bump_while(is_blank);
            let start = self.cursor;
            let Some(byte) = self.cursor.peek() else { return self.token(TokenKind::End, &start) };
            let kind = match byte {
                b'/' if self.skip_comment() => continue,
                b'a'..=b'z' | b'A'..=b'Z' | b'_' => {
                    self.cursor.skip_while(is_alphanumeric);
                    TokenKind::Identifier
                }
                b'0'..=b'9' => self.number(),
                b'.' if self.cursor.rest().get(1).is_some_and(u8::is_ascii_digit) => {
                    if previous.kind == TokenKind::Identifier
                        && previous.start.line == start.place().line
                        && previous.end_column == start.column()
                    {
                        self.error("expected a space between a name and a number");
                    }
                    self.number()
                }
                b'"' | b'\'' => {
                    self.string(byte);
                    TokenKind::String
                }
                0..b' ' => {
                    self.error("unexpected control character");
                    self.cursor.bump_while(|byte| byte < b' ');
                    continue;
                }
                0x80.. => {
                    self.cursor.skip_while(|byte| byte >= 0x80);
                    let text = String::from_utf8_lossy(self.cursor.since(&start));
                    let text = text.chars().take(10).collect::<String>();
                    self.report.malformed(start.place(), format!("`{text}` is only allowed in strings and comments"));
                    TokenKind::Symbol
                }
                _ => {
                    self.cursor.skip(1);
                    TokenKind::Symbol
                }
            };
            return self.token(kind, &start);
        }
    }

    /// Returns the blanks and comments between two tokens.
    pub(super) fn between(&self, first: &Token<'a>, second: &Token<'a>) -> &'a [u8] {
        self.cursor.between(first, second)
    }

    fn token(&self, kind: TokenKind, start: &Cursor<'a>) -> Token<'a> {
        Token {
            kind,
            text: self.cursor.since(start),
            offset: start.offset(),
            start: start.place(),
            end_column: self.cursor.column(),
        }
    }

    fn error(&mut self, message: &str) {
        self.report.malformed(self.cursor.place(), message);
    }
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | 11 | 12 | b'\r')
}

fn is_blank_in_line(byte: u8) -> bool {
    byte != b'\n' && is_blank(byte)
}

pub(super) fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_'
}

pub(super) fn is_alphanumeric(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}
