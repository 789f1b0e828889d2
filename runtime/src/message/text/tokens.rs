//! Splits a text into tokens, each with its position.

use super::Error;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Token<'a> {
    /// `name`, `true`, `inf`
    Word(&'a str),
    /// Digits, and whatever else of a number follows them.
    Number(&'a str),
    /// With its quotes; what is in them was not looked at yet.
    String(&'a str),
    Symbol(char),
    End,
}

impl Token<'_> {
    /// For messages that say what was found instead.
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
    /// Where the token that comes next starts, and where it ends.
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

    /// The token that comes next.
    pub(super) fn peek(&self) -> Token<'a> {
        self.next
    }

    /// Where it starts.
    pub(super) fn at(&self) -> usize {
        self.start
    }

    pub(super) fn next(&mut self) -> Result<Token<'a>, Error> {
        let token = self.next;
        self.advance()?;
        Ok(token)
    }

    /// Takes the symbol, if it comes next.
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

    /// The error that something else comes next.
    pub(super) fn expected(&self, what: &str) -> Error {
        self.error(self.start, &format!("expected {what}, found {}", self.next.shown()))
    }

    /// An error at a place, with its line and column, both from one.
    pub(super) fn error(&self, at: usize, message: &str) -> Error {
        let before = &self.text[..at];
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        Error(format!("{line}:{column}: {message}"))
    }

    fn advance(&mut self) -> Result<(), Error> {
        self.start = self.end + blank(&self.text[self.end..]);
        let rest = &self.text[self.start..];
        let (length, next): (usize, fn(&'a str) -> Token<'a>) = match rest.as_bytes() {
            [] => (0, |_| Token::End),
            [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => (word(rest), Token::Word),
            [b'0'..=b'9', ..] | [b'.', b'0'..=b'9', ..] => (number(rest), Token::Number),
            [b'"' | b'\'', ..] => (self.string(rest)?, Token::String),
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

    /// The length of a string, which ends on its line.
    fn string(&self, rest: &str) -> Result<usize, Error> {
        let (quote, mut is_escaped) = (rest.as_bytes()[0], false);
        for (at, byte) in rest.bytes().enumerate().skip(1) {
            match byte {
                // Neither may be in a string.
                b'\n' | 0 => break,
                _ if is_escaped => is_escaped = false,
                b'\\' => is_escaped = true,
                _ if byte == quote => return Ok(at + 1),
                _ => {}
            }
        }
        Err(self.error(self.start, "the string does not end on its line, or a NUL is in it"))
    }
}

/// The length of the white space and the comments that come first.
fn blank(text: &str) -> usize {
    let mut rest = text;
    loop {
        rest = rest.trim_start_matches([' ', '\n', '\t', '\r', '\u{b}', '\u{c}']);
        if !rest.starts_with('#') {
            return text.len() - rest.len();
        }
        rest = rest.find('\n').map_or("", |end| &rest[end..]);
    }
}

fn word(text: &str) -> usize {
    text.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count()
}

/// A number with all letters and dots behind it, so that `1a` is no number rather than two tokens.
fn number(text: &str) -> usize {
    let mut previous = b' ';
    text.bytes()
        .take_while(|&byte| {
            let is_sign = matches!(byte, b'+' | b'-') && matches!(previous, b'e' | b'E');
            previous = byte;
            is_sign || byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_')
        })
        .count()
}
