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

/// Reads an integer in decimal, octal or hex.
pub(super) fn parse_integer(text: &[u8]) -> Option<u64> {
    let text = std::str::from_utf8(text).ok()?;
    match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => u64::from_str_radix(&text[2..], 16).ok(),
        [b'0', _, ..] => u64::from_str_radix(&text[1..], 8).ok(),
        _ => text.parse().ok(),
    }
}

/// Reads a float; a suffix `f` is allowed.
pub(super) fn parse_float(text: &[u8]) -> Option<f64> {
    let text = std::str::from_utf8(text).ok()?;
    text.trim_end_matches(['f', 'F']).parse().ok()
}

/// Appends what a string in quotes stands for.
pub(super) fn unescape(quoted: &[u8], out: &mut Vec<u8>) {
    let end = quoted.len().saturating_sub(1).max(1);
    let mut rest = quoted.get(1..end).unwrap_or_default();
    while let Some((&byte, behind)) = rest.split_first() {
        rest = behind;
        if byte != b'\\' {
            out.push(byte);
            continue;
        }
        let Some((&escape, behind)) = rest.split_first() else { break };
        rest = behind;
        match escape {
            b'0'..=b'7' => {
                let digits = 1 + rest.iter().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                let value = std::iter::once(&escape).chain(&rest[..digits - 1]);
                out.push(value.fold(0_u8, |value, digit| value.wrapping_mul(8).wrapping_add(digit - b'0')));
                rest = &rest[digits - 1..];
            }
            b'x' | b'X' => out.push(u8::try_from(hex(&mut rest, 2) & 0xff).unwrap_or(0)),
            b'u' => code_point(hex(&mut rest, 4), &mut rest, out),
            b'U' => code_point(hex(&mut rest, 8), &mut rest, out),
            b'a' => out.push(7),
            b'b' => out.push(8),
            b'f' => out.push(12),
            b'n' => out.push(b'\n'),
            b'r' => out.push(b'\r'),
            b't' => out.push(b'\t'),
            b'v' => out.push(11),
            other => out.push(other),
        }
    }
}

fn hex(rest: &mut &[u8], most: usize) -> u32 {
    let digits = rest.iter().take(most).take_while(|byte| byte.is_ascii_hexdigit()).count();
    let value = std::str::from_utf8(&rest[..digits]).ok().and_then(|digits| u32::from_str_radix(digits, 16).ok());
    *rest = &rest[digits..];
    value.unwrap_or(0)
}

/// Writes a code point as UTF-8: two halves of a pair are put together, one alone stays as it is.
fn code_point(mut value: u32, rest: &mut &[u8], out: &mut Vec<u8>) {
    if (0xd800..0xdc00).contains(&value)
        && let [b'\\', b'u', digits @ ..] = *rest
    {
        let mut behind = digits;
        let low = hex(&mut behind, 4);
        if (0xdc00..0xe000).contains(&low) {
            value = 0x10000 + ((value - 0xd800) << 10) + (low - 0xdc00);
            *rest = behind;
        }
    }
    let byte = |bits: u32| u8::try_from(bits & 0xff).unwrap_or(0);
    let tail = |shift: u32| byte(0x80 | (value >> shift & 0x3f));
    match value {
        0..0x80 => out.push(byte(value)),
        0x80..0x800 => out.extend([byte(0xc0 | value >> 6), tail(0)]),
        0x800..0x1_0000 => out.extend([byte(0xe0 | value >> 12), tail(6), tail(0)]),
        0x1_0000..0x20_0000 => out.extend([byte(0xf0 | value >> 18), tail(12), tail(6), tail(0)]),
        // protoc writes what is beyond Unicode as it was escaped.
        _ => out.extend(format!("\\U{value:08x}").into_bytes()),
    }
}
