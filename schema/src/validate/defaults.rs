//! Validates the default values of fields.

use std::collections::HashMap;

use super::enums::{self, Values};
use super::symbols::Symbols;
use super::violation::Violation;
use crate::descriptor::{Label, Type};
use crate::schema::{Cardinality, Field, FileContents, Symbol};

/// The values of the enums that have been looked up so far.
#[derive(Default)]
pub(super) struct Defaults<'a>(HashMap<usize, Values<'a>>);

impl<'a> Defaults<'a> {
    pub(super) fn violation(
        &mut self,
        symbols: &'a Symbols<'_>,
        field: &Field<'_>,
        file: &FileContents<'_>,
    ) -> Option<Violation> {
        let Field { descriptor: field, symbol, cardinality, .. } = *field;
        let Ok(default) = std::str::from_utf8(field.default_value?) else {
            return Some(Violation::new("has a default that is not UTF-8"));
        };
        if field.label() == Label::Repeated {
            return Some(Violation::new("is repeated, but has a default"));
        }
        if file.descriptor.syntax() == "proto3" {
            return Some(Violation::new("has a default, which proto3 does not allow"));
        }
        if cardinality == Cardinality::Implicit {
            return Some(Violation::new("has a default, but implicit presence"));
        }
        let kind = Type::from_number(field.r#type?)?;
        let expected = match kind {
            Type::Int32 | Type::Sint32 | Type::Sfixed32 => integer::<i32>(default, "a signed 32-bit integer"),
            Type::Int64 | Type::Sint64 | Type::Sfixed64 => integer::<i64>(default, "a signed 64-bit integer"),
            Type::Uint32 | Type::Fixed32 => integer::<u32>(default, "an unsigned 32-bit integer"),
            Type::Uint64 | Type::Fixed64 => integer::<u64>(default, "an unsigned 64-bit integer"),
            Type::Float => float(default, |number| number.parse::<f32>().is_ok_and(f32::is_finite)),
            Type::Double => float(default, |number| number.parse::<f64>().is_ok_and(f64::is_finite)),
            Type::Bool => (!matches!(default, "true" | "false")).then_some("`true` or `false`"),
            Type::Bytes => (!is_escaped(default.as_bytes())).then_some("bytes escaped as in C"),
            Type::String => None,
            Type::Enum => return self.enum_violation(symbols, symbol, default),
            Type::Message | Type::Group => return Some(Violation::new("is a message, but has a default")),
        };
        expected.map(|expected| {
            Violation::new(format!("has the default `{}`, which is not {expected}", default.escape_debug()))
        })
    }

    fn enum_violation(&mut self, symbols: &'a Symbols<'_>, symbol: Option<Symbol>, default: &str) -> Option<Violation> {
        let Some(Symbol::Enum(index)) = symbol else { return None };
        let enum_ = &symbols.schema.enums[index];
        let values = self.0.entry(index).or_insert_with(|| enums::values(enum_));
        let shown = enum_.at.display_name();
        (!values.contains_key(default)).then(|| {
            let default = default.escape_debug();
            Violation::new(format!("has the default `{default}`, which is not a value of enum `{shown}`"))
        })
    }
}

/// prost parses a Rust literal with an optional minus sign, so that `-0` is not valid for an unsigned type.
fn integer<T: std::str::FromStr>(default: &str, expected: &'static str) -> Option<&'static str> {
    (default.starts_with('+') || default.parse::<T>().is_err()).then_some(expected)
}

/// prost accepts these three names, and panics at a number that overflows to infinity.
fn float(default: &str, is_finite: impl Fn(&str) -> bool) -> Option<&'static str> {
    let is_name = matches!(default, "inf" | "-inf" | "nan");
    let is_number = is_decimal(default) && is_finite(default);
    (!is_name && !is_number).then_some("a number in range, `inf`, `-inf` or `nan`")
}

/// Returns whether a number is also a literal in Rust: digits, an optional fraction and an optional exponent.
fn is_decimal(number: &str) -> bool {
    let number = number.strip_prefix('-').unwrap_or(number);
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, "0"));
    let exponent = exponent.strip_prefix(['-', '+']).unwrap_or(exponent);
    [whole, fraction, exponent]
        .iter()
        .all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// Returns whether all escapes are known to prost-build, which panics at any other.
fn is_escaped(mut bytes: &[u8]) -> bool {
    while let Some(backslash) = bytes.iter().position(|&byte| byte == b'\\') {
        bytes = match &bytes[backslash + 1..] {
            // Three octal digits are a byte only up to `\377`.
            [b'4'..=b'7', b'0'..=b'7', b'0'..=b'7', ..] => return false,
            [b'0'..=b'7' | b'a' | b'b' | b'f' | b'n' | b'r' | b't' | b'v' | b'\\' | b'?' | b'\'' | b'"', rest @ ..] => {
                rest
            }
            [b'x' | b'X', high, low, rest @ ..] if high.is_ascii_hexdigit() && low.is_ascii_hexdigit() => rest,
            _ => return false,
        };
    }
    true
}
