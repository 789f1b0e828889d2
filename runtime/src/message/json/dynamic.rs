//! `google.protobuf.Struct`, `Value` and `ListValue`: JSON of any form.

use prost_types::value::Kind;
use prost_types::{ListValue, Struct};

use super::{scalar::expected, value::Value};
use crate::message::transcode::error::{Error, Result};

pub(super) fn write_struct(message: Struct) -> Result<Value> {
    let entry = |(name, value): (String, _)| match write_value(value) {
        Ok(value) => Ok((name, value)),
        Err(error) => Err(error.within(&name)),
    };
    Ok(Value::Object(message.fields.into_iter().map(entry).collect::<Result<_>>()?))
}

pub(super) fn write_list(list: ListValue) -> Result<Value> {
    Ok(Value::List(list.values.into_iter().map(write_value).collect::<Result<_>>()?))
}

pub(super) fn write_value(value: prost_types::Value) -> Result<Value> {
    match value.kind {
        Some(Kind::NullValue(_)) => Ok(Value::Null),
        Some(Kind::BoolValue(value)) => Ok(Value::Bool(value)),
        Some(Kind::NumberValue(number)) if number.is_finite() => Ok(Value::Double(number)),
        Some(Kind::NumberValue(_)) => Err(Error::new("a value is a number that JSON does not have")),
        Some(Kind::StringValue(text)) => Ok(Value::String(text)),
        Some(Kind::StructValue(message)) => write_struct(message),
        Some(Kind::ListValue(list)) => write_list(list),
        None => Err(Error::new("a value has no kind")),
    }
}

pub(super) fn read_struct(value: &Value) -> Result<Struct> {
    let Value::Object(entries) = value else { return Err(expected("an object", value)) };
    let entry = |(name, value): &(String, Value)| match read_value(value) {
        Ok(value) => Ok((name.clone(), value)),
        Err(error) => Err(error.within(name)),
    };
    Ok(Struct { fields: entries.iter().map(entry).collect::<Result<_>>()? })
}

pub(super) fn read_list(value: &Value) -> Result<ListValue> {
    let Value::List(values) = value else { return Err(expected("a list", value)) };
    Ok(ListValue { values: values.iter().map(read_value).collect::<Result<_>>()? })
}

#[expect(clippy::cast_precision_loss, reason = "a value has no other numbers")]
pub(super) fn read_value(value: &Value) -> Result<prost_types::Value> {
    let kind = match value {
        Value::Null => Kind::NullValue(0),
        Value::Bool(value) => Kind::BoolValue(*value),
        Value::Int(number) => Kind::NumberValue(*number as f64),
        Value::Uint(number) => Kind::NumberValue(*number as f64),
        Value::Float(number) => Kind::NumberValue((*number).into()),
        Value::Double(number) => Kind::NumberValue(*number),
        Value::String(text) => Kind::StringValue(text.clone()),
        Value::List(_) => Kind::ListValue(read_list(value)?),
        Value::Object(_) => Kind::StructValue(read_struct(value)?),
    };
    Ok(prost_types::Value { kind: Some(kind) })
}
