//! Iterates over the binary form of fields, one record each.

use std::fmt;

use bytes::Buf;
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, decode_key, decode_varint, skip_field};

/// A field as it stands in the binary form of its message.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Record<'a> {
    pub(crate) number: u32,
    pub(crate) wire_type: WireType,
    /// With its key.
    pub(crate) raw: &'a [u8],
    /// Without its key, but with the length before it, or the end of a group after it.
    pub(crate) content: &'a [u8],
}

/// The content of a record. Which type it has, only a schema can say.
#[derive(Debug, Clone, PartialEq)]
pub enum Value<'a> {
    /// An integer, a boolean or the number of an enum's value.
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
    /// The number of the field.
    #[must_use]
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The content after the number.
    #[must_use]
    pub fn value(&self) -> Value<'a> {
        let mut content = self.content;
        match self.wire_type {
            WireType::Varint => Value::Varint(decode_varint(&mut content).unwrap_or_default()),
            WireType::ThirtyTwoBit => Value::Fixed32(content.try_get_u32_le().unwrap_or_default()),
            WireType::SixtyFourBit => Value::Fixed64(content.try_get_u64_le().unwrap_or_default()),
            WireType::StartGroup | WireType::EndGroup => Value::Group(Records(content)),
            WireType::LengthDelimited => {
                // Whoever made the record has seen that there is a length.
                _ = decode_varint(&mut content);
                Value::Bytes(content)
            }
        }
    }
}

/// The number and the form, but not the value: a newer schema may say that it is not to be shown.
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

/// Goes through fields in the order in which they came.
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

    /// Ends where the bytes are no fields, which can only be if a user has put them there.
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
