//! The messages of `google.protobuf` whose JSON is not an object of their fields.

use prost::Message;
use prost_types::{Any, FieldDescriptorProto};

use super::read::{JsonReader, Unknown};
use super::scalar::{self, expected};
use super::value::JsonValue;
use super::write::Writer;
use super::{dynamic, mask, time};
use crate::message::transcode::error::{Result, TranscodeError};

const NULL: &str = ".google.protobuf.NullValue";
const VALUE: &str = ".google.protobuf.Value";

/// Whether the only value of a field is JSON's null.
pub(super) fn is_null(field: &FieldDescriptorProto) -> bool {
    field.type_name() == NULL
}

/// Whether null is a value of the field, and not its absence.
pub(super) fn takes_null(field: &FieldDescriptorProto) -> bool {
    matches!(field.type_name(), NULL | VALUE)
}

/// The JSON of a message, if it is one of these.
pub(super) fn write(writer: Writer<'_>, type_name: &str, bytes: &[u8]) -> Result<Option<JsonValue>> {
    let Some(name) = type_name.strip_prefix(".google.protobuf.") else { return Ok(None) };
    let value = match name {
        "Any" => write_any(writer, &decode(bytes)?)?,
        "Timestamp" => JsonValue::String(time::checked_timestamp(decode(bytes)?)?.to_string()),
        "Duration" => JsonValue::String(time::checked_duration(decode(bytes)?)?.to_string()),
        "FieldMask" => JsonValue::String(mask::write_mask(&decode(bytes)?)?),
        "Struct" => dynamic::write_struct(decode(bytes)?)?,
        "ListValue" => dynamic::write_list(decode(bytes)?)?,
        "Value" => dynamic::write_value(decode(bytes)?)?,
        _ if is_wrapper(name) => writer.wrapped(type_name, bytes)?,
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// The binary form of a message, if it is one of these.
pub(super) fn read(reader: JsonReader<'_>, type_name: &str, value: &JsonValue) -> Result<Option<Vec<u8>>> {
    let Some(name) = type_name.strip_prefix(".google.protobuf.") else { return Ok(None) };
    let bytes = match name {
        "Any" => read_any(reader, value)?.encode_to_vec(),
        "Timestamp" => time::read_timestamp(scalar::string(value)?)?.encode_to_vec(),
        "Duration" => time::read_duration(scalar::string(value)?)?.encode_to_vec(),
        "FieldMask" => mask::read_mask(scalar::string(value)?)?.encode_to_vec(),
        "Struct" => dynamic::read_struct(value)?.encode_to_vec(),
        "ListValue" => dynamic::read_list(value)?.encode_to_vec(),
        "Value" => dynamic::read_value(value)?.encode_to_vec(),
        _ if is_wrapper(name) => reader.wrapped(type_name, value)?,
        _ => return Ok(None),
    };
    Ok(Some(bytes))
}

fn is_wrapper(name: &str) -> bool {
    let wrapped = name.strip_suffix("Value");
    wrapped.is_some_and(|ty| {
        matches!(ty, "Bool" | "Bytes" | "Double" | "Float" | "Int32" | "Int64" | "String" | "UInt32" | "UInt64")
    })
}

/// Whether an `Any` holds the message's JSON as its `value`, and not beside its `@type`.
fn is_special(type_name: &str) -> bool {
    type_name.strip_prefix(".google.protobuf.").is_some_and(|name| {
        const NAMES: [&str; 8] = ["Any", "Duration", "Empty", "FieldMask", "ListValue", "Struct", "Timestamp", "Value"];
        NAMES.contains(&name) || is_wrapper(name)
    })
}

/// `.user.v1.User` of `type.googleapis.com/user.v1.User`
fn type_of(url: &str) -> Result<String> {
    match url.rsplit_once('/') {
        Some((_, name)) if !name.is_empty() => Ok(format!(".{name}")),
        _ => Err(TranscodeError::new(format!("`{url}` names no type")).within("@type")),
    }
}

fn write_any(writer: Writer<'_>, any: &Any) -> Result<JsonValue> {
    if any.type_url.is_empty() && any.value.is_empty() {
        return Ok(JsonValue::Object(Vec::new()));
    }
    let type_name = type_of(&any.type_url)?;
    let mut entries = vec![("@type".to_owned(), JsonValue::String(any.type_url.clone()))];
    if is_special(&type_name) {
        entries.push(("value".to_owned(), writer.message(&type_name, &any.value)?));
        return Ok(JsonValue::Object(entries));
    }
    // An object of its fields, to which the type is added.
    match writer.message(&type_name, &any.value)? {
        JsonValue::Object(fields) => entries.extend(fields),
        value => return Err(expected("an object", &value)),
    }
    Ok(JsonValue::Object(entries))
}

fn read_any(reader: JsonReader<'_>, value: &JsonValue) -> Result<Any> {
    let JsonValue::Object(entries) = value else { return Err(expected("an object", value)) };
    if entries.is_empty() {
        return Ok(Any::default());
    }
    let Some((_, url)) = entries.iter().find(|(name, _)| name == "@type") else {
        return Err(TranscodeError::new("the type is missing").within("@type"));
    };
    let type_url = scalar::string(url)?.to_owned();
    let type_name = type_of(&type_url)?;
    let mut fields = entries.iter().filter(|(name, _)| name != "@type");
    let value = if is_special(&type_name) {
        let (values, others): (Vec<_>, Vec<_>) = fields.partition(|(name, _)| name == "value");
        match (values.as_slice(), others.first()) {
            (_, Some((name, _))) if reader.unknown == Unknown::Refused => {
                return Err(TranscodeError::new("there is no such field").within(name));
            }
            ([(_, value)], _) => reader.message(&type_name, value)?,
            _ => return Err(TranscodeError::new("there is not one value").within("value")),
        }
    } else {
        reader.fields(&type_name, &mut fields)?
    };
    Ok(Any { type_url, value })
}

fn decode<M: Message + Default>(bytes: &[u8]) -> Result<M> {
    Ok(M::decode(bytes)?)
}
