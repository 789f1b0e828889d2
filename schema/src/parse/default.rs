//! Parses `[default = "none"]`, and writes the value in the form of `FieldDescriptorProto.default_value`.

use std::fmt::Write as _;

use super::float;
use super::parser::{Failed, Parse, Parser};
use crate::file::{FieldDecl, Kind, Spanned};
use crate::tags::field as tags;

impl Parser<'_> {
    pub(super) fn default_value(&mut self, field: &mut FieldDecl, location: usize) -> Parse {
        if field.default.is_some() {
            self.error("`default` is set twice");
        }
        self.advance();
        self.expect("=")?;
        let first = self.current;
        let location = self.open(location, &[tags::DEFAULT_VALUE]);
        let value = match field.kind {
            Some(kind) => self.default_of(kind)?,
            // A named type can have a default only if it turns out to be an enum.
            None => self.advance().text.to_vec(),
        };
        field.default = Some(Spanned { value, span: first.to(&self.previous) });
        self.close(location);
        Ok(())
    }

    fn default_of(&mut self, kind: Kind) -> Parse<Vec<u8>> {
        let text = match kind {
            Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => self.default_integer(i32::MAX.unsigned_abs().into())?,
            Kind::Int64 | Kind::Sint64 | Kind::Sfixed64 => self.default_integer(i64::MAX.unsigned_abs())?,
            Kind::Uint32 | Kind::Fixed32 => self.default_unsigned(u32::MAX.into())?,
            Kind::Uint64 | Kind::Fixed64 => self.default_unsigned(u64::MAX)?,
            Kind::Float => float::float(self.default_double()?),
            Kind::Double => float::double(self.default_double()?),
            Kind::Bool if self.at("true") || self.at("false") => super::parser::text(&self.advance()),
            Kind::Bool => return Err(self.expected("`true` or `false`")),
            Kind::String => return Ok(self.string("a string")?.value),
            Kind::Bytes => escape(&self.string("a string")?.value),
            Kind::Enum => self.identifier("the name of an enum value")?.value,
            Kind::Message | Kind::Group => {
                self.error("a message field cannot have a default");
                return Err(Failed);
            }
        };
        Ok(text.into_bytes())
    }

    /// Parses a signed integer, from `-most - 1` to `most`.
    fn default_integer(&mut self, most: u64) -> Parse<String> {
        let negative = self.eat("-");
        let value = self.bounded(most + u64::from(negative), "an integer")?;
        Ok(if negative && value > 0 { format!("-{value}") } else { value.to_string() })
    }

    fn default_unsigned(&mut self, most: u64) -> Parse<String> {
        if self.eat("-") {
            self.error("an unsigned field cannot have a negative default");
        }
        Ok(self.bounded(most, "an integer")?.to_string())
    }

    fn default_double(&mut self) -> Parse<f64> {
        let negative = self.eat("-");
        let value = self.double("a number")?;
        Ok(if negative { -value } else { value })
    }
}

/// Escapes bytes as in C.
fn escape(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\n' => text.push_str("\\n"),
            b'\r' => text.push_str("\\r"),
            b'\t' => text.push_str("\\t"),
            b'"' | b'\'' | b'\\' => text.extend(['\\', byte.into()]),
            b' '..=b'~' => text.push(byte.into()),
            _ => _ = write!(text, "\\{byte:03o}"),
        }
    }
    text
}
