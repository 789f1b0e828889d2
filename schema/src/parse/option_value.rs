//! Parses the value of an option.

use super::lexer::{TokenKind, float, integer};
use super::parser::{Failed, Parse, Parser, text};
use crate::file::OptionValue;

/// The absolute value of the smallest `i64`.
const SMALLEST: u64 = 1 << 63;

impl Parser<'_> {
    pub(super) fn option_value(&mut self) -> Parse<OptionValue> {
        let negative = self.eat("-");
        match self.current.kind {
            TokenKind::Identifier => {
                let name = self.advance();
                match (negative, name.text) {
                    (false, _) => Ok(OptionValue::Identifier(text(&name))),
                    (true, b"inf") => Ok(OptionValue::Double(f64::NEG_INFINITY)),
                    (true, b"nan") => Ok(OptionValue::Double(f64::NAN)),
                    (true, _) => {
                        self.error("expected a number, `inf` or `nan` after `-`");
                        Err(Failed)
                    }
                }
            }
            TokenKind::Integer => match (integer(self.current.text), negative) {
                (Some(value), false) => {
                    self.advance();
                    Ok(OptionValue::Positive(value))
                }
                (Some(value @ ..=SMALLEST), true) => {
                    self.advance();
                    Ok(OptionValue::Negative(0_i64.wrapping_sub_unsigned(value)))
                }
                _ => self.double_value(negative),
            },
            TokenKind::Float => self.double_value(negative),
            TokenKind::String if negative => {
                self.error("a string cannot be negative");
                Err(Failed)
            }
            TokenKind::String => Ok(OptionValue::String(self.string("a string")?.value)),
            TokenKind::Symbol if self.at("{") => self.aggregate(),
            TokenKind::Symbol if self.at("[") || self.at("<") => {
                let message = format!("the value of an option cannot start with {}", self.current.describe());
                self.error_with_help(message, "write a message in braces; set a repeated option once for each element");
                Err(Failed)
            }
            _ => Err(self.expected("the option's value")),
        }
    }

    fn double_value(&mut self, negative: bool) -> Parse<OptionValue> {
        let value = self.double("a number")?;
        Ok(OptionValue::Double(if negative { -value } else { value }))
    }

    /// Parses an unsigned number, which need not be an integer.
    pub(super) fn double(&mut self, what: &str) -> Parse<f64> {
        let token = self.current;
        let value = match (token.kind, token.text) {
            (TokenKind::Float, text) => float(text),
            (TokenKind::Integer, text) => match integer(text) {
                #[allow(clippy::cast_precision_loss, reason = "the nearest number is meant")]
                Some(value) => value as f64,
                None if text.starts_with(b"0") => {
                    let message = format!("{} is too large: the maximum is {}", token.describe(), u64::MAX);
                    self.error_with_help(message, "write a larger number in decimal");
                    0.0
                }
                None => float(text),
            },
            (_, b"inf") => f64::INFINITY,
            (_, b"nan") => f64::NAN,
            _ => return Err(self.expected(what)),
        };
        self.advance();
        Ok(value)
    }
}
