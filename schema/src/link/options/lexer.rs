//! Splits text format, in which the values of message options are written, into tokens.

/// A token and its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TextToken<'t> {
    pub kind: TextTokenKind,
    pub text: &'t [u8],
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TextTokenKind {
    Identifier,
    Integer,
    Float,
    String,
    Symbol,
    End,
}

/// Reads tokens one by one; `token` is the current one.
#[derive(Debug, Clone)]
pub(super) struct TextLexer<'t> {
    rest: &'t [u8],
    pub token: TextToken<'t>,
}

const END: TextToken<'static> = TextToken { kind: TextTokenKind::End, text: b"" };

impl<'t> TextLexer<'t> {
    pub fn new(text: &'t [u8]) -> Self {
        let mut lexer = Self { rest: text, token: END };
        lexer.advance();
        lexer
    }

    pub fn advance(&mut self) {
        self.skip();
        let Some(&first) = self.rest.first() else {
            self.token = END;
            return;
        };
        let dot_digit = first == b'.' && self.rest.get(1).is_some_and(u8::is_ascii_digit);
        let (kind, length) = match first {
            b'a'..=b'z' | b'A'..=b'Z' | b'_' => (TextTokenKind::Identifier, self.count(is_word)),
            b'"' | b'\'' => (TextTokenKind::String, string(self.rest)),
            b'0'..=b'9' => number(self.rest),
            _ if dot_digit => number(self.rest),
            _ => (TextTokenKind::Symbol, 1),
        };
        let (text, rest) = self.rest.split_at(length);
        self.token = TextToken { kind, text };
        self.rest = rest;
    }

    fn skip(&mut self) {
        loop {
            self.rest = self.rest.trim_ascii_start();
            if self.rest.first() == Some(&0x0b) {
                self.rest = &self.rest[1..];
            } else if self.rest.first() == Some(&b'#') {
                let line = self.count(|byte| byte != b'\n');
                self.rest = &self.rest[line..];
            } else {
                return;
            }
        }
    }

    fn count(&self, while_: impl Fn(u8) -> bool) -> usize {
        self.rest.iter().position(|&byte| !while_(byte)).unwrap_or(self.rest.len())
    }
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Returns the length of a string with its quotes. The file's parser has made sure that it is closed.
fn string(text: &[u8]) -> usize {
    let quote = text[0];
    let mut at = 1;
    while let Some(&byte) = text.get(at) {
        at += if byte == b'\\' { 2 } else { 1 };
        if byte == quote {
            break;
        }
    }
    at.min(text.len())
}

/// Returns whether a number is an integer or a float, and its length.
fn number(text: &[u8]) -> (TextTokenKind, usize) {
    if let [b'0', b'x' | b'X', ..] = text {
        let digits = text[2..].iter().position(|byte| !byte.is_ascii_hexdigit());
        return (TextTokenKind::Integer, digits.map_or(text.len(), |digits| digits + 2));
    }
    let mut float = false;
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        match byte {
            b'0'..=b'9' => {}
            b'.' | b'f' | b'F' => float |= byte == b'.',
            b'e' | b'E' => {
                float = true;
                if matches!(text.get(at + 1), Some(b'+' | b'-')) {
                    at += 1;
                }
            }
            _ => break,
        }
        at += 1;
    }
    (if float { TextTokenKind::Float } else { TextTokenKind::Integer }, at)
}

/// Parses a float, which may have a suffix `f`.
pub(super) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    text.trim_end_matches(['f', 'F']).parse().ok()
}
