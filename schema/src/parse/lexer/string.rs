//! Reads string literals, and evaluates their escapes.

use super::Lexer;

impl Lexer<'_> {
    /// Skips a literal that starts with `quote`.
    pub(super) fn string(&mut self, quote: u8) {
        self.cursor.skip(1);
        loop {
            self.cursor.skip_while(|byte| byte != quote && byte != b'\\' && byte >= b' ');
            match self.cursor.peek() {
                None | Some(0) => return self.error("the string is not closed"),
                Some(b'\n') => return self.error("the string is not closed on its line"),
                Some(b'\\') => self.escape(),
                Some(byte) => {
                    self.cursor.bump();
                    if byte == quote {
                        return;
                    }
                }
            }
        }
    }

    fn escape(&mut self) {
        self.cursor.skip(1);
        match self.cursor.peek() {
            Some(b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' | b'?' | b'\'' | b'"' | b'0'..=b'7') => {
                self.cursor.skip(1);
            }
            Some(b'x' | b'X') => {
                self.cursor.skip(1);
                if !self.cursor.bump_if(|byte| byte.is_ascii_hexdigit()) {
                    self.error("expected hexadecimal digits after `\\x`");
                }
            }
            Some(b'u') => {
                self.cursor.skip(1);
                if !(0..4).all(|_| self.cursor.bump_if(|byte| byte.is_ascii_hexdigit())) {
                    self.error("expected four hexadecimal digits after `\\u`");
                }
            }
            Some(b'U') => {
                self.cursor.skip(1);
                let digit = |index: usize, byte: u8| match index {
                    0 | 1 => byte == b'0',
                    2 => matches!(byte, b'0' | b'1'),
                    _ => byte.is_ascii_hexdigit(),
                };
                if !(0..8).all(|index| self.cursor.bump_if(|byte| digit(index, byte))) {
                    self.error("expected eight hexadecimal digits after `\\U`, up to 0010ffff");
                }
            }
            _ => self.error("unknown escape; write a backslash as `\\\\`"),
        }
    }
}

/// Appends the value of a literal, given with its quotes.
pub(crate) fn unescape(literal: &[u8], bytes: &mut Vec<u8>) {
    let Some((&quote, inside)) = literal.split_first() else { return };
    unescape_inside(inside.strip_suffix(&[quote]).unwrap_or(inside), bytes);
}

/// Evaluates the escapes of a text, such as the default of a `bytes` field in a descriptor.
#[must_use]
pub fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    unescape_inside(text.as_bytes(), &mut bytes);
    bytes
}

fn unescape_inside(mut rest: &[u8], bytes: &mut Vec<u8>) {
    while let Some(plain) = rest.iter().position(|&byte| byte == b'\\') {
        bytes.extend_from_slice(&rest[..plain]);
        rest = escaped(&rest[plain + 1..], bytes);
    }
    bytes.extend_from_slice(rest);
}

/// Appends the value of the escape after a backslash, and returns the rest of the text.
fn escaped<'a>(text: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let Some((&kind, rest)) = text.split_first() else { return text };
    match kind {
        b'0'..=b'7' => octal(text, bytes),
        b'x' | b'X' => hexadecimal(rest, bytes),
        b'u' | b'U' => unicode(text, bytes),
        _ => {
            bytes.push(match kind {
                b'a' => 7,
                b'b' => 8,
                b'f' => 12,
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 11,
                other => other,
            });
            rest
        }
    }
}

/// Evaluates one to three octal digits, modulo 256 as in protoc.
fn octal<'a>(text: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let length = text.iter().take(3).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
    bytes.push(text[..length].iter().fold(0_u8, |value, digit| value.wrapping_mul(8).wrapping_add(digit - b'0')));
    &text[length..]
}

/// Evaluates one or two hexadecimal digits.
fn hexadecimal<'a>(text: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let length = text.iter().take(2).take_while(|byte| byte.is_ascii_hexdigit()).count();
    bytes.push(u8::try_from(number(&text[..length])).unwrap_or_default());
    &text[length..]
}

/// Appends a code point as UTF-8; a surrogate pair is one code point.
fn unicode<'a>(text: &'a [u8], bytes: &mut Vec<u8>) -> &'a [u8] {
    let Some((mut code_point, mut rest)) = code_point(text) else {
        bytes.push(text[0]);
        return &text[1..];
    };
    if (0xd800..0xdc00).contains(&code_point)
        && let Some(second @ [b'u', ..]) = rest.strip_prefix(b"\\")
        && let Some((low @ 0xdc00..0xe000, behind)) = self::code_point(second)
    {
        code_point = 0x10000 + ((code_point - 0xd800) << 10) + (low - 0xdc00);
        rest = behind;
    }
    push_utf8(code_point, bytes);
    rest
}

/// Parses `u0041` or `U00000041`.
fn code_point(text: &[u8]) -> Option<(u32, &[u8])> {
    let length = if *text.first()? == b'u' { 4 } else { 8 };
    let digits = text.get(1..=length)?;
    digits.iter().all(u8::is_ascii_hexdigit).then(|| (number(digits), &text[length + 1..]))
}

fn number(digits: &[u8]) -> u32 {
    digits.iter().fold(0, |value, &digit| value << 4 | char::from(digit).to_digit(16).unwrap_or_default())
}

/// As in protoc, a lone surrogate is encoded as it is, and a number beyond Unicode stays an escape.
fn push_utf8(code_point: u32, bytes: &mut Vec<u8>) {
    match (char::from_u32(code_point), code_point) {
        (Some(character), _) => bytes.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        (None, 0..=0xffff) => {
            let six_bits = |shift: u32| (code_point >> shift & 0x3f).to_le_bytes()[0];
            bytes.extend_from_slice(&[0xe0 | six_bits(12), 0x80 | six_bits(6), 0x80 | six_bits(0)]);
        }
        (None, _) => bytes.extend_from_slice(format!("\\U{code_point:08x}").as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_evaluated() {
        for (escaped, expected) in [
            ("abc", &b"abc"[..]),
            (r"\001\377", &[1, 255]),
            (r"\x01\xfF\n\\\'", &[1, 255, 10, b'\\', b'\'']),
            (r"\1z\0", &[1, b'z', 0]),
            ("\\", &[]),
            (r"\x", &[0]),
            (r"\777", &[255]),
        ] {
            assert_eq!(unescaped(escaped), expected, "{escaped}");
        }
    }
}
