//! Unknown fields: fields that a message does not declare, kept when it is decoded, and encoded again unchanged.
//!
//! Code generated with the option `unknown_fields` has a field of type [`UnknownFields`] in each message that the option selects. So a program
//! with an older schema passes on the fields of a newer one. [`Extension`] reads and sets extensions, which are stored there too.
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/src/cases/unknown_fields/demo.v1.rs")); }
//! use proto::User;
//! use rgrpc::prost::Message;
//! use rgrpc::unknown_fields::Value;
//!
//! // Field 1 is the name; the schema has no field 1000.
//! let bytes = b"\x0a\x03Ada\xc0\x3e\x07";
//! let user = User::decode(&bytes[..])?;
//! assert_eq!(user.name, "Ada");
//! let record = user.unknown_fields.iter().next().unwrap();
//! assert_eq!((record.number(), record.value()), (1000, Value::Varint(7)));
//! assert_eq!(user.encode_to_vec(), bytes);
//! # Ok::<_, rgrpc::prost::DecodeError>(())
//! ```

mod capture;
mod extension;
mod message_set;
mod records;
#[cfg(feature = "json")]
mod serde;
#[cfg(test)]
mod tests;

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType, encode_key, encode_varint, skip_field};

use capture::Capture;

pub use extension::{Extendable, Extension};
pub use records::{Record, Records, Value};

/// The unknown fields of a message, in the order in which they were decoded.
///
/// It is one word wide, and does not allocate while it is empty. Two are equal if each field number has the same records in the same order; the
/// order of different field numbers does not matter. `Debug` shows numbers and sizes, but no values, because a newer schema may mark any field
/// with `debug_redact`.
///
/// Values and groups are kept bit by bit. Only overlong varints of tags, and of unknown values of closed enums, are encoded in their shortest
/// form.
///
/// With the feature `json` it implements serde's traits, for messages that derive them by an attribute: it is serialized as the binary form, in
/// base64 for human-readable formats.
#[derive(Clone, Default)]
#[expect(clippy::box_collection, reason = "one word in every message, not three")]
pub struct UnknownFields(Option<Box<Vec<u8>>>);

impl UnknownFields {
    /// No fields.
    #[must_use]
    pub const fn new() -> Self {
        Self(None)
    }

    /// Whether there are no fields.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.as_bytes().is_empty()
    }

    /// The binary form of all fields.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Iterates over the records; a packed list is one record.
    #[must_use]
    pub fn iter(&self) -> Records<'_> {
        Records(self.as_bytes())
    }

    /// Removes all fields, for example so that they are not passed on.
    pub fn clear(&mut self) {
        self.0 = None;
    }

    /// Removes the fields with this number; returns whether there were any.
    pub fn remove(&mut self, number: u32) -> bool {
        self.retain(|record| record.number != number)
    }

    /// Appends a varint: an integer, a boolean or an enum value.
    ///
    /// # Panics
    ///
    /// If `number` is not a valid field number, from 1 to 536,870,911.
    pub fn push_varint(&mut self, number: u32, value: u64) {
        let bytes = self.start(number, WireType::Varint);
        encode_varint(value, bytes);
    }

    /// Appends four bytes, little-endian.
    ///
    /// # Panics
    ///
    /// As [`Self::push_varint`].
    pub fn push_fixed32(&mut self, number: u32, value: u32) {
        self.start(number, WireType::ThirtyTwoBit).put_u32_le(value);
    }

    /// Appends eight bytes, little-endian.
    ///
    /// # Panics
    ///
    /// As [`Self::push_varint`].
    pub fn push_fixed64(&mut self, number: u32, value: u64) {
        self.start(number, WireType::SixtyFourBit).put_u64_le(value);
    }

    /// Appends a string, bytes, or the binary form of a message or a packed list.
    ///
    /// # Panics
    ///
    /// As [`Self::push_varint`].
    pub fn push_bytes(&mut self, number: u32, value: &[u8]) {
        let bytes = self.start(number, WireType::LengthDelimited);
        encode_varint(value.len() as u64, bytes);
        bytes.extend_from_slice(value);
    }

    fn start(&mut self, number: u32, wire_type: WireType) -> &mut Vec<u8> {
        let valid = prost::encoding::MIN_TAG..=prost::encoding::MAX_TAG;
        assert!(valid.contains(&number), "{number} is not a valid field number");
        let bytes = self.bytes_mut();
        encode_key(number, wire_type, bytes);
        bytes
    }

    fn bytes_mut(&mut self) -> &mut Vec<u8> {
        self.0.get_or_insert_default()
    }

    /// Removes the records for which `keep` returns `false`; returns whether there were any.
    fn retain(&mut self, keep: impl Fn(&Record<'_>) -> bool) -> bool {
        if self.iter().all(|record| keep(&record)) {
            return false;
        }
        let kept: Vec<u8> = self.iter().filter(keep).flat_map(|record| record.raw).copied().collect();
        self.0 = (!kept.is_empty()).then(|| Box::new(kept));
        true
    }

    /// The records sorted by number, for comparison.
    fn sorted(&self) -> Vec<(u32, &[u8])> {
        let mut records: Vec<_> = self.iter().map(|record| (record.number, record.raw)).collect();
        records.sort_by_key(|(number, _)| *number);
        records
    }

    /// Decodes and appends the next field; leaves `self` unchanged on an error.
    #[cold]
    pub(crate) fn merge_field(
        &mut self,
        tag: u32,
        wire_type: WireType,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError> {
        let bytes = self.bytes_mut();
        let before = bytes.len();
        encode_key(tag, wire_type, bytes);
        let taken = skip_field(wire_type, tag, &mut Capture { from: buf, to: bytes }, ctx);
        if taken.is_err() {
            bytes.truncate(before);
        }
        taken
    }

    #[inline]
    pub(crate) fn encode(&self, buf: &mut impl BufMut) {
        if let Some(bytes) = &self.0 {
            buf.put_slice(bytes);
        }
    }

    #[inline]
    pub(crate) fn encoded_len(&self) -> usize {
        self.0.as_ref().map_or(0, |bytes| bytes.len())
    }
}

impl<'a> IntoIterator for &'a UnknownFields {
    type Item = Record<'a>;
    type IntoIter = Records<'a>;

    fn into_iter(self) -> Records<'a> {
        self.iter()
    }
}

impl PartialEq for UnknownFields {
    fn eq(&self, other: &Self) -> bool {
        let (left, right) = (self.as_bytes(), other.as_bytes());
        left == right || left.len() == right.len() && self.sorted() == other.sorted()
    }
}

impl Eq for UnknownFields {}

impl Hash for UnknownFields {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.sorted().hash(state);
    }
}

impl PartialOrd for UnknownFields {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UnknownFields {
    fn cmp(&self, other: &Self) -> Ordering {
        self.sorted().cmp(&other.sorted())
    }
}

impl fmt::Debug for UnknownFields {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.iter().fmt(f)
    }
}
