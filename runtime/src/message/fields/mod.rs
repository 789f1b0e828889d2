//! Encodes and decodes the fields of messages that keep unknown fields.
//!
//! prost's derive generates code for each field, and drops unknown fields. Here, two types describe a field, such as `Optional(Int32)`:
//! its cardinality, a [`Field`], and the encoding of one value, a [`Codec`]. `message!` implements prost's trait with them. They use
//! `prost::encoding`, as the derive does.

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

/// A field with the Rust type `H`: its cardinality, and when it is encoded.
pub trait Field<H>: Sized {
    fn default() -> H;

    /// Resets the field to its value in a new message: its declared default, if it has one.
    fn clear<const N: usize>(held: &mut H, default: [H; N]) {
        *held = initial::<Self, _, N>(default);
    }

    fn encode(tag: u32, held: &H, buf: &mut impl BufMut);

    fn encoded_len(tag: u32, held: &H) -> usize;

    /// Decodes one record of the field; adds it to `unknown` if it is not a value of the field.
    fn merge(
        tag: u32,
        wire_type: WireType,
        held: &mut H,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError>;
}

/// The value of a field in a new message: its declared default, if it has one.
pub fn initial<F: Field<H>, H, const N: usize>(default: [H; N]) -> H {
    default.into_iter().next().unwrap_or_else(F::default)
}

/// The encoding of one value with the Rust type `T`.
pub trait Codec<T> {
    /// The wire type of the values. A record with another one is an unknown field, as in other languages.
    const WIRE_TYPE: WireType;

    /// Whether this is a closed enum, whose unknown values become unknown fields.
    const CLOSED: bool = false;

    fn default() -> T;

    /// Whether a field without presence omits the value.
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

    /// Decodes one value, or the values of a packed list, and appends them.
    fn merge_repeated(
        tag: u32,
        wire_type: WireType,
        values: &mut Vec<T>,
        unknown: &mut UnknownFields,
        buf: &mut impl Buf,
        ctx: DecodeContext,
    ) -> Result<(), DecodeError>;
}

/// The encoding of values that can be in a packed list.
pub trait Packable<T>: Codec<T> {
    fn encode_packed(tag: u32, values: &[T], buf: &mut impl BufMut);

    fn encoded_len_packed(tag: u32, values: &[T]) -> usize;
}

/// Whether a record of `wire_type` can belong to a repeated field whose values have the wire type `value`: numbers may be packed.
fn takes_in_a_list(wire_type: WireType, value: WireType) -> bool {
    let is_number = matches!(value, WireType::Varint | WireType::ThirtyTwoBit | WireType::SixtyFourBit);
    wire_type == value || wire_type == WireType::LengthDelimited && is_number
}

/// The outcome of decoding a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Merged {
    /// The field has the value.
    Taken,
    /// The value has another wire type, or is an unknown value of a closed enum. It became an unknown field, and the field is unchanged.
    Unknown,
}

pub fn encode_unknown(fields: &UnknownFields, buf: &mut impl BufMut) {
    fields.encode(buf);
}

#[must_use]
pub fn unknown_len(fields: &UnknownFields) -> usize {
    fields.encoded_len()
}

/// Decodes a field that the message does not declare.
///
/// # Errors
///
/// If the field ends too early, or is nested too deep.
pub fn merge_unknown(
    fields: &mut UnknownFields,
    tag: u32,
    wire_type: WireType,
    buf: &mut impl Buf,
    ctx: DecodeContext,
) -> Result<(), DecodeError> {
    fields.merge_field(tag, wire_type, buf, ctx)
}

/// Adds to `error` the field and the message that did not decode.
#[cold]
#[must_use]
pub fn within(mut error: DecodeError, message: &'static str, field: &'static str) -> DecodeError {
    error.push(message, field);
    error
}
