//! Reads numbers, and evaluates them.

use super::{Lexer, TokenKind, is_letter};

impl Lexer<'_> {
    /// Skips a number.
    pub(super) fn number(&mut self) -> TokenKind {
        let kind = match self.cursor.rest() {
            [b'0', b'x' | b'X', ..] => self.hexadecimal(),
            [b'0', b'0'..=b'9', ..] => self.octal(),
            _ => self.decimal(),
        };
        match (self.cursor.peek(), kind) {
            (Some(byte), _) if is_letter(byte) => self.error("expected a space between a number and a name"),
            (Some(b'.'), TokenKind::Float) => self.error("a number has only one decimal point, before its exponent"),
            (Some(b'.'), _) => self.error("a hexadecimal or octal number cannot have a decimal point"),
            _ => {}
        }
        kind
    }

    fn hexadecimal(&mut self) -> TokenKind {
        self.cursor.skip(2);
        if !self.cursor.peek().is_some_and(|byte| byte.is_ascii_hexdigit()) {
            self.error("expected hexadecimal digits after `0x`");
        }
        self.cursor.skip_while(|byte| byte.is_ascii_hexdigit());
        TokenKind::Integer
    }

    fn octal(&mut self) -> TokenKind {
        self.cursor.skip_while(|byte| matches!(byte, b'0'..=b'7'));
        if self.cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) {
            self.error("a number that starts with 0 is octal, and cannot have the digits 8 and 9");
            self.cursor.skip_while(|byte| byte.is_ascii_digit());
        }
        TokenKind::Integer
    }

    fn decimal(&mut self) -> TokenKind {
        let mut kind = TokenKind::Integer;
        self.cursor.skip_while(|byte| byte.is_ascii_digit());
        if self.cursor.bump_if(|byte| byte == b'.') {
            kind = TokenKind::Float;
            self.cursor.skip_while(|byte| byte.is_ascii_digit());
        }
        if self.cursor.bump_if(|byte| matches!(byte, b'e' | b'E')) {
            kind = TokenKind::Float;
            self.cursor.bump_if(|byte| matches!(byte, b'+' | b'-'));
            if !self.cursor.peek().is_some_and(|byte| byte.is_ascii_digit()) {
                self.error("expected digits in the exponent");
            }
            self.cursor.skip_while(|byte| byte.is_ascii_digit());
        }
        kind
    }
}

/// Returns the value of an integer token, if it fits into a `u64`.
pub(crate) fn integer(text: &[u8]) -> Option<u64> {
    let (digits, radix) = match text {
        [b'0', b'x' | b'X', digits @ ..] => (digits, 16),
        [b'0', _, ..] => (text, 8),
        _ => (text, 10),
    };
    u64::from_str_radix(str::from_utf8(digits).ok()?, radix).ok()
}

/// Returns the value of a decimal integer or float token.
pub(in crate::parse) fn float(text: &[u8]) -> f64 {
    // A token that does not parse has been reported by the lexer.
    str::from_utf8(text).ok().and_then(|text| text.parse().ok()).unwrap_or_default()
}
