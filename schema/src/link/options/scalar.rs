//! Checks the range of numbers in options, and writes them.

use crate::file::Kind;
use crate::wire;

/// Returns an integer as 64 bits, in two's complement, if it is in the range of its type.
pub(super) fn in_range(kind: Kind, value: i128) -> Option<u64> {
    let (low, high) = bounds(kind);
    if !(low..=high).contains(&value) {
        return None;
    }
    u64::try_from(value).ok().or_else(|| i64::try_from(value).ok().map(i64::cast_unsigned))
}

fn bounds(kind: Kind) -> (i128, i128) {
    match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => (i32::MIN.into(), i32::MAX.into()),
        Kind::Uint32 | Kind::Fixed32 => (0, u32::MAX.into()),
        Kind::Uint64 | Kind::Fixed64 => (0, u64::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    }
}

pub(super) fn integer_range(kind: Kind) -> String {
    let (low, high) = bounds(kind);
    format!("an integer from {low} to {high}")
}

/// Writes an integer, a bool or an enum value as a field of its type.
pub(super) fn scalar(out: &mut Vec<u8>, number: i32, kind: Kind, bits: u64) {
    let zigzag = |bits: u64| (bits << 1) ^ (bits.cast_signed() >> 63).cast_unsigned();
    match kind {
        Kind::Fixed32 | Kind::Sfixed32 => {
            wire::put_tag(out, number, 5);
            out.extend_from_slice(&bits.to_le_bytes()[..4]);
        }
        Kind::Fixed64 | Kind::Sfixed64 => {
            wire::put_tag(out, number, 1);
            out.extend_from_slice(&bits.to_le_bytes());
        }
        _ => {
            wire::put_tag(out, number, 0);
            wire::put_varint(out, if matches!(kind, Kind::Sint32 | Kind::Sint64) { zigzag(bits) } else { bits });
        }
    }
}

/// Writes a number as a `float` or `double` field.
pub(super) fn put_float(out: &mut Vec<u8>, number: i32, kind: Kind, value: f64) {
    if kind == Kind::Float {
        wire::put_tag(out, number, 5);
        #[allow(clippy::cast_possible_truncation, reason = "protoc converts to the nearest float, or infinity, too")]
        out.extend_from_slice(&(value as f32).to_le_bytes());
    } else {
        wire::put_tag(out, number, 1);
        out.extend_from_slice(&value.to_le_bytes());
    }
}
