//! Splits a text into tokens, each with its position.

use super::Error;

/// A token of the text format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `name`, `true`, `inf`
    Word(&'a str),
    /// A number, or a text that begins like one.
    Number(&'a str),
    /// A string with its quotes. Its escape sequences are not checked yet.
    String(&'a str),
    Symbol(char),
    End,
}

impl Token<'_> {
    /// The token, for error messages.
    pub(super) fn shown(self) -> String {
        match self {
            Self::Word(text) | Self::Number(text) | Self::String(text) => format!("`{text}`"),
            Self::Symbol(symbol) => format!("`{symbol}`"),
            Self::End => "the end".to_owned(),
        }
    }
}

pub(super) struct Tokens<'a> {
    text: &'a str,
    /// The position of the next token.
    start: usize,
    end: usize,
    next: Token<'a>,
}

impl<'a> Tokens<'a> {
    pub(super) fn new(text: &'a str) -> Result<Self, Error> {
        let mut tokens = Self { text, start: 0, end: 0, next: Token::End };
        tokens.advance()?;
        Ok(tokens)
    }

    /// The next token, which is not consumed.
    pub(super) fn peek(&self) -> Token<'a> {
        self.next
    }

    /// The position of the next token.
    pub(super) fn at(&self) -> usize {
        self.start
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, Error> {
        let token = self.next;
        self.advance()?;
        Ok(token)
    }

    /// Consumes the next token if it is this symbol; returns whether it was.
    pub(super) fn take(&mut self, symbol: char) -> Result<bool, Error> {
        let is_there = self.next == Token::Symbol(symbol);
        if is_there {
            self.advance()?;
        }
        Ok(is_there)
    }

    pub(super) fn expect(&mut self, symbol: char) -> Result<(), Error> {
        if self.take(symbol)? { Ok(()) } else { Err(self.expected(&format!("`{symbol}`"))) }
    }

    /// The error for a next token that is not `what` was expected.
    pub(super) fn expected(&self, what: &str) -> Error {
        self.error(self.start, &format!("expected {what}, found {}", self.next.shown()))
    }

    /// An error with the line and the column of a position, both counted from 1.
    pub(super) fn error(&self, at: usize, message: &str) -> Error {
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Error(format!("{line}:{column}: {message}"))
    }

    fn advance(&mut self) -> Result<(), Error> {
        self.start = self.end + blank_len(&self.text[self.end..]);
        let rest = &self.text[self.start..];
        let (length, next): (usize, fn(&'a str) -> Token<'a>) = match rest.as_bytes() {
            [] => (0, |_| Token::End),
            [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => (word_len(rest), Token::Word),
            [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..] => (number_len(rest), Token::Number),
            [b'"' | b'\'', ..] => (self.string_len(rest)?, Token::String),
            _ => {
                let symbol = rest.chars().next().unwrap_or_default();
                self.end = self.start + symbol.len_utf8();
                self.next = Token::Symbol(symbol);
                return Ok(());
            }
        };
        self.end = self.start + length;
        self.next = next(&rest[..length]);
        Ok(())
    }

    /// The length of the string at the start of `rest`; it must end on its line.
    fn string_len(&self, rest: &str) -> Result<usize, Error> {
        let (quote, mut is_escaped) = (rest.as_bytes()[0], false);
        for (at, byte) in rest.bytes().enumerate().skip(1) {
            match byte {
                // A string contains neither.
                b'\n' | 0 => break,
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                _ if byte == quote => return Ok(at + 1),
                _ => {}
            }
        }
        Err(self.error(self.start, "the string does not end on its line, or contains NUL"))
    }
}

/// The length of the white space and the comments at the start of `text`.
fn blank_len(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\n', '\t', '\r', '\u{b}', '\u{c}']);
        if !rest.starts_with('#') {
            return text.len() - rest.len();
        }
        rest = rest.find('\n').map_or("", |end| &rest[end..]);
    }
}

fn word_len(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// The length of a number, including all letters and dots after it: `1a` is one invalid number, and not two tokens.
fn number_len(text: &str) -> usize {
    let mut previous = b' ';
    text.bytes()
        .take_while(|&byte| {
            let is_sign = matches!(byte, b'+' | b'-') && matches!(previous, b'e' | b'E');
            previous = byte;
            is_sign || byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')
        })
        .count()
}
