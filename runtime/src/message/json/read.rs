//! Transcodes the JSON of a message to its binary form.

use std::collections::{BTreeMap, BTreeSet};

use prost::Message;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{Any, FieldDescriptorProto, FieldOptions};

use super::special::{self, Special};
use super::value::JsonValue;
use super::{dynamic, mask, scalar, time};
use crate::message::transcode::error::{Result, TranscodeError};
use crate::message::transcode::schema::{MessageSchema, Schema, has_presence, tag};
use crate::message::transcode::wire;

/// The treatment of unknown fields and enum values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    Refused,
    Ignored,
}

pub(super) fn message(schema: &Schema, full_name: &str, value: &JsonValue, unknown: Unknown) -> Result<Vec<u8>> {
    JsonReader { schema, unknown }.message(&format!(".{full_name}"), value)
}

/// A reader of messages of one schema.
#[derive(Clone, Copy)]
struct JsonReader<'a> {
    schema: &'a Schema,
    unknown: Unknown,
}

impl JsonReader<'_> {
    fn message(self, type_name: &str, value: &JsonValue) -> Result<Vec<u8>> {
        match (Special::of(type_name), value) {
            (Some(special), _) => self.special(special, type_name, value),
            (None, JsonValue::Object(entries)) => self.fields(type_name, entries.iter()),
            (None, _) => Err(scalar::expected("an object", value)),
        }
    }

    fn special(self, special: Special, type_name: &str, value: &JsonValue) -> Result<Vec<u8>> {
        Ok(match special {
            Special::Any => self.any(value)?.encode_to_vec(),
            Special::Timestamp => time::read_timestamp(scalar::string(value)?)?.encode_to_vec(),
            Special::Duration => time::read_duration(scalar::string(value)?)?.encode_to_vec(),
            Special::FieldMask => mask::read_mask(scalar::string(value)?)?.encode_to_vec(),
            Special::Struct => dynamic::read_struct(value)?.encode_to_vec(),
            Special::ListValue => dynamic::read_list(value)?.encode_to_vec(),
            Special::Value => dynamic::read_value(value)?.encode_to_vec(),
            Special::Wrapper => self.wrapper(type_name, value)?,
        })
    }

    fn any(self, value: &JsonValue) -> Result<Any> {
        let JsonValue::Object(entries) = value else { return Err(scalar::expected("an object", value)) };
        if entries.is_empty() {
            return Ok(Any::default());
        }
        let Some((_, url)) = entries.iter().find(|(name, _)| name == "@type") else {
            return Err(TranscodeError::new("missing").within("@type"));
        };
        let type_url = scalar::string(url)?.to_owned();
        let type_name = special::type_of_url(&type_url)?;
        let mut fields = entries.iter().filter(|(name, _)| name != "@type");
        if !special::is_value_of_any(&type_name) {
            return Ok(Any { value: self.fields(&type_name, &mut fields)?, type_url });
        }
        let (values, others): (Vec<_>, Vec<_>) = fields.partition(|(name, _)| name == "value");
        match (values.as_slice(), others.first()) {
            (_, Some((name, _))) if self.unknown == Unknown::Refused => {
                Err(TranscodeError::new("unknown field").within(name))
            }
            ([(_, value)], _) => Ok(Any { value: self.message(&type_name, value)?, type_url }),
            _ => Err(TranscodeError::new("expected exactly one").within("value")),
        }
    }

    fn fields<'v>(self, type_name: &str, entries: impl Iterator<Item = &'v (String, JsonValue)>) -> Result<Vec<u8>> {
        let message = self.schema.message(type_name)?;
        let mut out = Vec::new();
        let mut seen = BTreeSet::new();
        let mut oneofs: BTreeMap<i32, &str> = BTreeMap::new();
        for (name, value) in entries {
            let Some(field) = message.field(name) else {
                match self.unknown {
                    Unknown::Ignored => continue,
                    Unknown::Refused => return Err(TranscodeError::new("unknown field").within(name)),
                }
            };
            if !seen.insert(tag(field)) {
                return Err(TranscodeError::new("the field is set twice").within(name));
            }
            if *value == JsonValue::Null && !special::takes_null(field) {
                continue;
            }
            if let Some(other) = field.oneof_index.and_then(|oneof| oneofs.insert(oneof, name)) {
                return Err(TranscodeError::new(format!("`{other}` of the same oneof is set already")).within(name));
            }
            let read = if message.is_message_set {
                self.single(field, value).map(|content| {
                    if let Some(content) = content {
                        wire::push_item(tag(field), &content, &mut out);
                    }
                })
            } else {
                self.field(field, value, &mut out)
            };
            read.map_err(|error| error.within(name))?;
        }
        Ok(out)
    }

    /// The binary form of a wrapper with this value.
    fn wrapper(self, type_name: &str, value: &JsonValue) -> Result<Vec<u8>> {
        let field = self.schema.message(type_name)?.fields.first();
        let field = field.ok_or_else(|| TranscodeError::new("a wrapper has no field"))?;
        let mut out = Vec::new();
        self.field(field, value, &mut out)?;
        Ok(out)
    }

    fn field(self, field: &FieldDescriptorProto, value: &JsonValue, out: &mut Vec<u8>) -> Result<()> {
        let ty = field.r#type();
        if let Some(entry) = self.schema.map_entry(field) {
            return self.map(field, entry, value, out);
        }
        if field.label() != Label::Repeated {
            let content = self.single(field, value)?;
            if let Some(content) = content.filter(|content| has_presence(field) || !wire::is_default(ty, content)) {
                wire::push(tag(field), ty, &content, out);
            }
            return Ok(());
        }
        let JsonValue::List(values) = value else { return Err(scalar::expected("a list", value)) };
        let contents = values.iter().map(|value| self.element(field, value)).collect::<Result<Vec<_>>>()?;
        let mut contents = contents.into_iter().flatten().peekable();
        if field.options.as_ref().is_some_and(FieldOptions::packed) && wire::is_packable(ty) {
            if contents.peek().is_some() {
                wire::push(tag(field), Type::Bytes, &contents.flatten().collect::<Vec<_>>(), out);
            }
        } else {
            contents.for_each(|content| wire::push(tag(field), ty, &content, out));
        }
        Ok(())
    }

    fn map(
        self,
        field: &FieldDescriptorProto,
        entry: &MessageSchema,
        value: &JsonValue,
        out: &mut Vec<u8>,
    ) -> Result<()> {
        let [key_field, value_field] = entry.fields.as_slice() else {
            return Err(TranscodeError::new("a map has no key and value"));
        };
        let JsonValue::Object(entries) = value else { return Err(scalar::expected("an object", value)) };
        let mut seen = BTreeSet::new();
        for (name, value) in entries {
            let key = scalar::read_key(key_field.r#type(), name).map_err(|error| error.within(name))?;
            if !seen.insert(key.clone()) {
                return Err(TranscodeError::new("the key is set twice").within(name));
            }
            if let Some(content) = self.element(value_field, value).map_err(|error| error.within(name))? {
                let mut pair = Vec::new();
                wire::push(tag(key_field), key_field.r#type(), &key, &mut pair);
                wire::push(tag(value_field), value_field.r#type(), &content, &mut pair);
                wire::push(tag(field), Type::Message, &pair, out);
            }
        }
        Ok(())
    }

    /// A value of a list or a map, in which null does not stand for an absent field.
    fn element(self, field: &FieldDescriptorProto, value: &JsonValue) -> Result<Option<Vec<u8>>> {
        if *value == JsonValue::Null && !special::takes_null(field) {
            return Err(TranscodeError::new("null is not allowed in a list or a map"));
        }
        self.single(field, value)
    }

    /// The content of one value; `None` for an unknown enum value that is ignored.
    fn single(self, field: &FieldDescriptorProto, value: &JsonValue) -> Result<Option<Vec<u8>>> {
        match (field.r#type(), value) {
            (Type::Message | Type::Group, _) => self.message(field.type_name(), value).map(Some),
            (Type::Enum, JsonValue::Null) => Ok(Some(wire::number(Type::Enum, 0))),
            (Type::Enum, JsonValue::String(name)) => match self.schema.number(field.type_name(), name) {
                Some(number) => Ok(Some(wire::number(Type::Enum, i64::from(number).cast_unsigned()))),
                None if self.unknown == Unknown::Ignored => Ok(None),
                None => Err(TranscodeError::new(format!("unknown enum value `{name}`"))),
            },
            (ty, _) => scalar::read(ty, value).map(Some),
        }
    }
}
