//! The JSON of `google.protobuf.Struct`, `Value` and `ListValue`, which hold any JSON.

use prost_types::value::Kind;
use prost_types::{ListValue, Struct};

use super::scalar::expected;
use super::value::JsonValue;
use crate::message::transcode::error::{Result, TranscodeError};

pub(super) fn write_struct(message: Struct) -> Result<JsonValue> {
    let entry = |(name, value): (String, _)| match write_value(value) {
        Ok(value) => Ok((name, value)),
        Err(error) => Err(error.within(&name)),
    };
    Ok(JsonValue::Object(message.fields.into_iter().map(entry).collect::<Result<_>>()?))
}

pub(super) fn write_list(list: ListValue) -> Result<JsonValue> {
    Ok(JsonValue::List(list.values.into_iter().map(write_value).collect::<Result<_>>()?))
}

pub(super) fn write_value(value: prost_types::Value) -> Result<JsonValue> {
    match value.kind {
        Some(Kind::NullValue(_)) => Ok(JsonValue::Null),
        Some(Kind::BoolValue(value)) => Ok(JsonValue::Bool(value)),
        Some(Kind::NumberValue(number)) if number.is_finite() => Ok(JsonValue::Double(number)),
        Some(Kind::NumberValue(_)) => Err(TranscodeError::new("JSON has no NaN and no infinity")),
        Some(Kind::StringValue(text)) => Ok(JsonValue::String(text)),
        Some(Kind::StructValue(message)) => write_struct(message),
        Some(Kind::ListValue(list)) => write_list(list),
        None => Err(TranscodeError::new("the `kind` of a `google.protobuf.Value` is not set")),
    }
}

pub(super) fn read_struct(value: &JsonValue) -> Result<Struct> {
    let JsonValue::Object(entries) = value else { return Err(expected("an object", value)) };
    let entry = |(name, value): &(String, JsonValue)| match read_value(value) {
        Ok(value) => Ok((name.clone(), value)),
        Err(error) => Err(error.within(name)),
    };
    Ok(Struct { fields: entries.iter().map(entry).collect::<Result<_>>()? })
}

pub(super) fn read_list(value: &JsonValue) -> Result<ListValue> {
    let JsonValue::List(values) = value else { return Err(expected("a list", value)) };
    Ok(ListValue { values: values.iter().map(read_value).collect::<Result<_>>()? })
}

#[expect(clippy::cast_precision_loss, reason = "the numbers of a `Value` are doubles")]
pub(super) fn read_value(value: &JsonValue) -> Result<prost_types::Value> {
    let kind = match value {
        JsonValue::Null => Kind::NullValue(0),
        JsonValue::Bool(value) => Kind::BoolValue(*value),
        JsonValue::Int(number) => Kind::NumberValue(*number as f64),
        JsonValue::Uint(number) => Kind::NumberValue(*number as f64),
        JsonValue::Float(number) => Kind::NumberValue((*number).into()),
        JsonValue::Double(number) => Kind::NumberValue(*number),
        JsonValue::String(text) => Kind::StringValue(text.clone()),
        JsonValue::List(_) => Kind::ListValue(read_list(value)?),
        JsonValue::Object(_) => Kind::StructValue(read_struct(value)?),
    };
    Ok(prost_types::Value { kind: Some(kind) })
}
