//! Transcodes the binary form of a message to JSON.

use std::collections::BTreeMap;

use prost::Message;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{Any, FieldDescriptorProto};

use super::print::Printer;
use super::special::{self, Special};
use super::value::JsonValue;
use super::{dynamic, mask, scalar, time};
use crate::message::transcode::error::{Result, TranscodeError};
use crate::message::transcode::schema::{MessageSchema, Schema, has_presence, is_extension, tag};
use crate::message::transcode::wire::{MAX_DEPTH, Payload};

pub(super) fn message(schema: &Schema, full_name: &str, bytes: &[u8], print: Printer) -> Result<JsonValue> {
    Writer { schema, print, depth: MAX_DEPTH }.message(&format!(".{full_name}"), bytes)
}

/// A writer of messages of one schema.
#[derive(Clone, Copy)]
struct Writer<'a> {
    schema: &'a Schema,
    print: Printer,
    /// How many more messages may be nested in this one.
    depth: usize,
}

impl Writer<'_> {
    fn message(self, type_name: &str, bytes: &[u8]) -> Result<JsonValue> {
        let depth = self.depth.checked_sub(1).ok_or_else(|| TranscodeError::new("messages nest too deep"))?;
        let inner = Self { depth, ..self };
        match Special::of(type_name) {
            Some(special) => inner.special(special, type_name, bytes),
            None => Ok(JsonValue::Object(inner.fields(type_name, bytes)?)),
        }
    }

    fn special(self, special: Special, type_name: &str, bytes: &[u8]) -> Result<JsonValue> {
        Ok(match special {
            Special::Any => self.any(Any::decode(bytes)?)?,
            Special::Timestamp => JsonValue::String(time::checked_timestamp(Message::decode(bytes)?)?.to_string()),
            Special::Duration => JsonValue::String(time::checked_duration(Message::decode(bytes)?)?.to_string()),
            Special::FieldMask => JsonValue::String(mask::write_mask(&Message::decode(bytes)?)?),
            Special::Struct => dynamic::write_struct(Message::decode(bytes)?)?,
            Special::ListValue => dynamic::write_list(Message::decode(bytes)?)?,
            Special::Value => dynamic::write_value(Message::decode(bytes)?)?,
            Special::Wrapper => self.wrapper(type_name, bytes)?,
        })
    }

    fn any(self, any: Any) -> Result<JsonValue> {
        if any.type_url.is_empty() && any.value.is_empty() {
            return Ok(JsonValue::Object(Vec::new()));
        }
        let type_name = special::type_of_url(&any.type_url)?;
        let message = self.message(&type_name, &any.value)?;
        let mut entries = vec![("@type".to_owned(), JsonValue::String(any.type_url))];
        match message {
            value if special::is_value_of_any(&type_name) => entries.push(("value".to_owned(), value)),
            JsonValue::Object(fields) => entries.extend(fields),
            value => return Err(scalar::expected("an object", &value)),
        }
        Ok(JsonValue::Object(entries))
    }

    /// The fields to print, in the order of their declaration.
    fn fields(self, type_name: &str, bytes: &[u8]) -> Result<Vec<(String, JsonValue)>> {
        let message = self.schema.message(type_name)?;
        let mut records = self.schema.records(message, bytes)?;
        let mut entries = Vec::new();
        for field in &message.fields {
            let records = records.remove(&tag(field)).unwrap_or_default();
            let value = match self.field(field, &records) {
                // An extension that does not decode counts as not set.
                Err(_) if is_extension(field) => None,
                value => value.map_err(|error| error.within(field.name()))?,
            };
            if let Some(value) = value {
                let name = if self.print.proto_names { field.name() } else { field.json_name() };
                entries.push((name.to_owned(), value));
            }
        }
        Ok(entries)
    }

    /// The value of a wrapper; the default if it is not set.
    fn wrapper(self, type_name: &str, bytes: &[u8]) -> Result<JsonValue> {
        let message = self.schema.message(type_name)?;
        let field = message.fields.first().ok_or_else(|| TranscodeError::new("a wrapper has no field"))?;
        let records = self.schema.records(message, bytes)?.remove(&tag(field)).unwrap_or_default();
        self.single(field, &records)
    }

    fn field(self, field: &FieldDescriptorProto, records: &[Payload<'_>]) -> Result<Option<JsonValue>> {
        let prints_default = self.print.default_values && !has_presence(field);
        if records.is_empty() && !prints_default {
            return Ok(None);
        }
        if let Some(entry) = self.schema.map_entry(field) {
            return self.map(entry, records).map(Some);
        }
        if field.label() != Label::Repeated {
            let is_default = |record: &Payload<'_>| matches!(record, Payload::Number(0) | Payload::Bytes([]));
            let is_set = prints_default || has_presence(field) || !records.last().is_some_and(is_default);
            return is_set.then(|| self.single(field, records)).transpose();
        }
        let values = records.iter().map(|record| self.single(field, &[*record])).collect::<Result<Vec<_>>>()?;
        Ok((prints_default || !values.is_empty()).then_some(JsonValue::List(values)))
    }

    fn map(self, entry: &MessageSchema, records: &[Payload<'_>]) -> Result<JsonValue> {
        let [key, value] = entry.fields.as_slice() else {
            return Err(TranscodeError::new("a map has no key and value"));
        };
        // Sorted, so that the output does not depend on the order of a `HashMap`.
        let mut entries = BTreeMap::new();
        for record in records {
            let Payload::Bytes(bytes) = *record else {
                return Err(TranscodeError::new("a map entry has another wire type than a message"));
            };
            let mut records = self.schema.records(entry, bytes)?;
            let last = records.remove(&tag(key)).and_then(|keys| keys.last().copied());
            let name = scalar::write_key(key.r#type(), last.unwrap_or_else(|| default(key.r#type())))?;
            let value = self.single(value, &records.remove(&tag(value)).unwrap_or_default());
            entries.insert(name.clone(), value.map_err(|error| error.within(&name))?);
        }
        Ok(JsonValue::Object(entries.into_iter().collect()))
    }

    /// One value: that of the last record, or of all records merged if it is a message.
    fn single(self, field: &FieldDescriptorProto, records: &[Payload<'_>]) -> Result<JsonValue> {
        let last = records.last().copied().unwrap_or_else(|| default(field.r#type()));
        match field.r#type() {
            Type::Message | Type::Group => {
                let mut merged = Vec::new();
                for record in records {
                    let Payload::Bytes(bytes) = *record else {
                        return Err(TranscodeError::new("a message has another wire type"));
                    };
                    merged.extend_from_slice(bytes);
                }
                self.message(field.type_name(), &merged)
            }
            Type::Enum if special::is_null(field) => Ok(JsonValue::Null),
            Type::Enum => match scalar::write(Type::Enum, last)? {
                JsonValue::Int(number) if !self.print.enum_numbers => {
                    let name = i32::try_from(number).ok().and_then(|n| self.schema.name(field.type_name(), n));
                    Ok(name.map_or(JsonValue::Int(number), |name| JsonValue::String(name.to_owned())))
                }
                value => Ok(value),
            },
            ty => scalar::write(ty, last),
        }
    }
}

fn default(ty: Type) -> Payload<'static> {
    match ty {
        Type::String | Type::Bytes | Type::Message | Type::Group => Payload::Bytes(&[]),
        _ => Payload::Number(0),
    }
}
