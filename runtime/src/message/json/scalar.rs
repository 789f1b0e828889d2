//! Transcodes numbers, booleans, strings and bytes between JSON and the binary form.

use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use prost_types::field_descriptor_proto::Type;

use super::value::JsonValue;
use crate::message::transcode::error::{Result, TranscodeError};
use crate::message::transcode::wire::{self, Payload};

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// The binary form of a value, without its tag and length.
pub(super) fn read(ty: Type, value: &JsonValue) -> Result<Vec<u8>> {
    let number = match ty {
        Type::String => return Ok(string(value)?.as_bytes().to_owned()),
        Type::Bytes => return base64(string(value)?),
        Type::Bool => match value {
            JsonValue::Bool(value) => u64::from(*value),
            _ => return Err(expected("a boolean", value)),
        },
        Type::Double => double(value)?.to_bits(),
        Type::Float => float(value)?.to_bits().into(),
        Type::Int32 | Type::Enum | Type::Sfixed32 => i64::from(integer::<i32>(value)?).cast_unsigned(),
        Type::Int64 | Type::Sfixed64 => integer::<i64>(value)?.cast_unsigned(),
        Type::Uint32 | Type::Fixed32 => integer::<u32>(value)?.into(),
        Type::Uint64 | Type::Fixed64 => integer::<u64>(value)?,
        Type::Sint32 => wire::zigzag(integer::<i32>(value)?.into()),
        Type::Sint64 => wire::zigzag(integer::<i64>(value)?),
        Type::Message | Type::Group => return Err(expected("a message", value)),
    };
    Ok(wire::number(ty, number))
}

/// The JSON of a record.
pub(super) fn write(ty: Type, record: Payload<'_>) -> Result<JsonValue> {
    let number = match (ty, record) {
        (Type::String, Payload::Bytes(bytes)) => {
            let text = std::str::from_utf8(bytes).map_err(|error| TranscodeError::new(error.to_string()))?;
            return Ok(JsonValue::String(text.to_owned()));
        }
        (Type::Bytes, Payload::Bytes(bytes)) => return Ok(JsonValue::String(BASE64.encode(bytes))),
        (_, Payload::Number(number)) => number,
        _ => return Err(TranscodeError::new("the binary form has another type")),
    };
    #[expect(clippy::cast_possible_truncation, reason = "the upper bits of a 32-bit number are ignored")]
    let low = number as u32;
    Ok(match ty {
        Type::Bool => JsonValue::Bool(number != 0),
        Type::Double => special_double(f64::from_bits(number)),
        Type::Float => special_float(f32::from_bits(low)),
        Type::Int32 | Type::Enum | Type::Sfixed32 => JsonValue::Int(low.cast_signed().into()),
        Type::Uint32 | Type::Fixed32 => JsonValue::Uint(low.into()),
        Type::Sint32 => JsonValue::Int(wire::unzigzag(low.into())),
        Type::Int64 | Type::Sfixed64 => JsonValue::String(number.cast_signed().to_string()),
        Type::Sint64 => JsonValue::String(wire::unzigzag(number).to_string()),
        _ => JsonValue::String(number.to_string()),
    })
}

/// The binary form of a map key, which JSON spells as a name.
pub(super) fn read_key(ty: Type, name: &str) -> Result<Vec<u8>> {
    match (ty, name) {
        (Type::Bool, "true") => read(ty, &JsonValue::Bool(true)),
        (Type::Bool, "false") => read(ty, &JsonValue::Bool(false)),
        _ => read(ty, &JsonValue::String(name.to_owned())),
    }
}

/// The name that JSON spells a map key as.
pub(super) fn write_key(ty: Type, record: Payload<'_>) -> Result<String> {
    Ok(match write(ty, record)? {
        JsonValue::String(name) => name,
        JsonValue::Int(number) => number.to_string(),
        JsonValue::Uint(number) => number.to_string(),
        JsonValue::Bool(value) => value.to_string(),
        value => return Err(expected("a key", &value)),
    })
}

pub(super) fn string(value: &JsonValue) -> Result<&str> {
    match value {
        JsonValue::String(text) => Ok(text),
        _ => Err(expected("a string", value)),
    }
}

pub(super) fn expected(what: &str, found: &JsonValue) -> TranscodeError {
    TranscodeError::new(format!("expected {what}, found {}", found.kind()))
}

/// An integer, as a number or in a string. It may have an exponent, or a fraction of zeros.
fn integer<T: TryFrom<i128>>(value: &JsonValue) -> Result<T> {
    let number = match value {
        JsonValue::Int(number) => Some((*number).into()),
        JsonValue::Uint(number) => Some((*number).into()),
        JsonValue::Double(number) => whole(*number),
        JsonValue::String(text) => text.parse().ok().filter(|_| is_number(text)).or_else(|| whole(number(text)?)),
        _ => return Err(expected("an integer", value)),
    };
    let number = number.ok_or_else(|| TranscodeError::new("expected an integer"))?;
    T::try_from(number).map_err(|_| TranscodeError::new(format!("{number} is out of range")))
}

#[expect(clippy::cast_possible_truncation, reason = "a number out of range becomes the limit, which no field has")]
fn whole(number: f64) -> Option<i128> {
    (number.is_finite() && number.fract() == 0.0).then_some(number as i128)
}

fn double(value: &JsonValue) -> Result<f64> {
    let number = match value {
        #[expect(clippy::cast_precision_loss, reason = "the field has the precision of a double")]
        JsonValue::Int(number) => Some(*number as f64),
        #[expect(clippy::cast_precision_loss, reason = "the field has the precision of a double")]
        JsonValue::Uint(number) => Some(*number as f64),
        JsonValue::Double(number) => Some(*number),
        JsonValue::String(text) => match text.as_str() {
            "NaN" => return Ok(f64::NAN),
            "Infinity" => return Ok(f64::INFINITY),
            "-Infinity" => return Ok(f64::NEG_INFINITY),
            _ => number(text),
        },
        _ => return Err(expected("a number", value)),
    };
    let number = number.ok_or_else(|| TranscodeError::new("expected a number"))?;
    if number.is_finite() { Ok(number) } else { Err(TranscodeError::new("the number is out of range")) }
}

#[expect(clippy::cast_possible_truncation, reason = "the field has the precision of a float, and the range is checked")]
fn float(value: &JsonValue) -> Result<f32> {
    let number = double(value)?;
    let float = number as f32;
    if number.is_finite() && float.is_infinite() {
        Err(TranscodeError::new("the number is out of range"))
    } else {
        Ok(float)
    }
}

/// A number in the syntax of JSON.
fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|_| is_number(text))
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    digits.starts_with(|first: char| first.is_ascii_digit())
        && digits.ends_with(|last: char| last.is_ascii_digit())
        && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'))
}

pub(super) fn special_double(number: f64) -> JsonValue {
    if number.is_finite() { JsonValue::Double(number) } else { JsonValue::String(special(number).to_owned()) }
}

fn special_float(number: f32) -> JsonValue {
    if number.is_finite() { JsonValue::Float(number) } else { JsonValue::String(special(number.into()).to_owned()) }
}

fn special(number: f64) -> &'static str {
    match number {
        f64::INFINITY => "Infinity",
        f64::NEG_INFINITY => "-Infinity",
        _ => "NaN",
    }
}

fn base64(text: &str) -> Result<Vec<u8>> {
    // Parsers accept both alphabets.
    let standard = text.replace('-', "+").replace('_', "/");
    BASE64.decode(standard).map_err(|error| TranscodeError::new(format!("expected base64: {error}")))
}
