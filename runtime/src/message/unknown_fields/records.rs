//! Iterates over the records of a binary form.

use std::fmt;

use bytes::Buf;
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

/// A record: a field in the binary form of its message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    pub(crate) number: u32,
    pub(crate) wire_type: WireType,
    /// The whole record, with its tag.
    pub(crate) raw: &'a [u8],
    /// The record without its tag, but with the length before the content, or the end of the group after it.
    pub(crate) content: &'a [u8],
}

/// The content of a record. Only a schema determines its exact type.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// An integer, a boolean or an enum value.
    Varint(u64),
    /// Four bytes: `fixed32`, `sfixed32` or `float`.
    Fixed32(u32),
    /// Eight bytes: `fixed64`, `sfixed64` or `double`.
    Fixed64(u64),
    /// A string, bytes, a message or a packed list.
    Bytes(&'a [u8]),
    /// The fields of a group.
    Group(Records<'a>),
}

impl<'a> Record<'a> {
    /// The field number.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The content of the record.
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        let mut content = self.content;
        match self.wire_type {
            WireType::Varint => Value::Varint(decode_varint(&mut content).unwrap_or_default()),
            WireType::ThirtyTwoBit => Value::Fixed32(content.try_get_u32_le().unwrap_or_default()),
            WireType::SixtyFourBit => Value::Fixed64(content.try_get_u64_le().unwrap_or_default()),
            WireType::StartGroup | WireType::EndGroup => Value::Group(Records(content)),
            WireType::LengthDelimited => {
                // `Records` has checked that there is a length.
                _ = decode_varint(&mut content);
                Value::Bytes(content)
            }
        }
    }
}

/// Shows the number and the wire type, but not the value: a newer schema may mark it with `debug_redact`.
impl fmt::Debug for Record<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.number)?;
        match self.value() {
            Value::Varint(_) => f.write_str("varint"),
            Value::Fixed32(_) => f.write_str("fixed32"),
            Value::Fixed64(_) => f.write_str("fixed64"),
            Value::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Value::Group(fields) => fields.fmt(f),
        }
    }
}

/// An iterator over records, in their order.
#[derive(Clone, PartialEq, Eq)]
pub struct Records<'a>(pub(super) &'a [u8]);

impl<'a> Records<'a> {
    #[cfg(feature = "text")]
    pub(crate) fn of(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    fn record(&mut self) -> Result<Option<Record<'a>>, DecodeError> {
        let raw = self.0;
        let (number, wire_type) = decode_key(&mut self.0)?;
        if wire_type == WireType::EndGroup {
            return Ok(None);
        }
        let content = self.0;
        skip_field(wire_type, number, &mut self.0, DecodeContext::default())?;
        let (raw, content) = (&raw[..raw.len() - self.0.len()], &content[..content.len() - self.0.len()]);
        Ok(Some(Record { number, wire_type, raw, content }))
    }
}

impl<'a> Iterator for Records<'a> {
    type Item = Record<'a>;

    /// Ends at bytes that are not a record, which only a user's own implementation of `Message` can put there.
    fn next(&mut self) -> Option<Record<'a>> {
        let record = if self.0.is_empty() { None } else { self.record().ok().flatten() };
        if record.is_none() {
            self.0 = &[];
        }
        record
    }
}

impl fmt::Debug for Records<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.clone()).finish()
    }
}
