//! Encodes and decodes the fields of messages that keep unknown fields.
//!
//! prost's derive writes such code for each field, and drops what it does not know. Here each field names two types, as
//! `Optional(Int32)`: a shape, [`Field`], and the encoding of one value in it, [`Codec`]. `message!` makes
//! prost's trait of them. prost's own `encoding` writes and reads the values, as for its derive.

mod codecs;
mod debug;
mod enums;
mod macros;
mod maps;
mod oneof;
mod shapes;

use bytes::{Buf, BufMut};
use prost::DecodeError;
use prost::encoding::{DecodeContext, WireType};

use crate::UnknownFields;

pub use codecs::{
    Bool, Bytes, Double, Fixed32, Fixed64, Float, Group, Int32, Int64, Message, Sfixed32, Sfixed64, Sint32, Sint64,
    String, Uint32, Uint64,
};
pub use debug::{Show, Shown};
pub use enums::{Closed, Enum, EnumValues};
pub use maps::Map;
pub use oneof::{Members, Oneof};
pub use shapes::{Optional, Packed, Plain, Repeated, Required};

/// A field that is held as an `H`: how often it occurs, and when it is written.
pub trait Field<H>: Sized {
    fn default() -> H;

    /// Makes it what it is in a new message: the default of its own, where it has one.
    fn clear<const N: usize>(held: &mut H, default: [H; N]) {
        *held = initial::<Self, _, N>(default);
    }

    fn encode(tag: u32, held: &H, buf: &mut impl BufMut);

    fn encoded_len(tag: u32, held: &H) -> usize;

    /// Reads the value of a field that has just begun; `unknown` takes what is none of the field's.
    fn merge(
        tag: u32,
        wire_type: WireType,
        held: &mut H,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError>;
}

/// The default of a field: that of its own, where it has one.
pub fn initial<F: Field<H>, H, const N: usize>(default: [H; N]) -> H {
    default.into_iter().next().unwrap_or_else(F::default)
}

/// The encoding of one value, which is held as a `T`.
pub trait Codec<T> {
    /// The wire type of its values; a record that looks otherwise is an unknown field, as in other languages.
    const WIRE_TYPE: WireType;

    /// Whether it refuses values that its enum does not have.
    const CLOSED: bool = false;

    fn default() -> T;

    /// Whether a field without presence leaves it out.
    fn is_default(value: &T) -> bool;

    fn encode(tag: u32, value: &T, buf: &mut impl BufMut);

    fn encoded_len(tag: u32, value: &T) -> usize;

    fn merge(
        tag: u32,
        wire_type: WireType,
        value: &mut T,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<Merged, DecodeError>;

    /// Adds one value, or those of a packed list.
    fn merge_repeated(
        tag: u32,
        wire_type: WireType,
        values: &mut Vec<T>,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError>;
}

/// The encoding of one value that can be in a packed list.
pub trait Packable<T>: Codec<T> {
    fn encode_packed(tag: u32, values: &[T], buf: &mut impl BufMut);

    fn encoded_len_packed(tag: u32, values: &[T]) -> usize;
}

/// Whether a record of one form can be of a list whose values have the other: a list of numbers may be in one piece.
fn takes_in_a_list(wire_type: WireType, value: WireType) -> bool {
    let is_number = matches!(value, WireType::Varint | WireType::ThirtyTwoBit | WireType::SixtyFourBit);
    wire_type == value || wire_type == WireType::LengthDelimited && is_number
}

/// The outcome of reading a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// It is the field's.
    Taken,
    /// It is none of the field's type, or its enum is closed and does not have it: it is among the unknown fields, and the field is
    /// as it was.
    Unknown,
}

pub fn encode_unknown(fields: &UnknownFields, buf: &mut impl BufMut) {
    fields.encode(buf);
}

#[must_use]
pub fn unknown_len(fields: &UnknownFields) -> usize {
    fields.encoded_len()
}

/// Takes a field that the message does not declare.
///
/// # Errors
/// Fails if the field is cut off, or nests too deep.
pub fn merge_unknown(
    fields: &mut UnknownFields,
    tag: u32,
    wire_type: WireType,
    buf: &mut impl Buf,
    ctx: DecodeContext,
) -> Result<(), DecodeError> {
    fields.merge_field(tag, wire_type, buf, ctx)
}

/// Says in which field of which message decoding failed.
#[cold]
#[must_use]
pub fn within(mut error: DecodeError, message: &'static str, field: &'static str) -> DecodeError {
    error.push(message, field);
    error
}
