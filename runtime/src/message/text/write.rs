//! Transcodes the binary form of a message to text.

use std::collections::BTreeSet;
use std::fmt::Write;

use prost::encoding::WireType;
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::{Label, Type};

use super::read::{find, group_name};
use super::{Error, literal};
use crate::message::transcode::schema::{MessageSchema, Schema, has_presence, is_extension, tag};
use crate::message::transcode::wire::{self, MAX_DEPTH, Payload};
use crate::unknown_fields::{self, Records, Value};

/// The deepest level of indentation. Without a limit, each line of a malicious message could have 200 blanks.
const MAX_INDENTATION: usize = 16;

/// Transcodes a message of the first of these schemas; messages of the others may be in an `Any`.
pub(super) fn message(
    schemas: &[&Schema],
    full_name: &str,
    bytes: &[u8],
    unknown_fields: bool,
) -> Result<String, Error> {
    let mut writer = TextWriter { schemas, schema: schemas[0], unknown_fields, out: String::new(), depth: 0 };
    writer.fields(&format!(".{full_name}"), bytes)?;
    Ok(writer.out)
}

struct TextWriter<'a> {
    schemas: &'a [&'a Schema],
    /// The schema of the message.
    schema: &'a Schema,
    unknown_fields: bool,
    out: String,
    /// The level of nesting of the message.
    depth: usize,
}

impl TextWriter<'_> {
    fn fields<'b>(&mut self, type_name: &str, bytes: &'b [u8]) -> Result<(), Error> {
        let message = self.schema.message(type_name)?;
        if type_name == ".google.protobuf.Any" && self.any(bytes) {
            return Ok(());
        }
        let mut records = self.schema.records(message, bytes)?;
        let mut unread: BTreeSet<u32> = message.extensions().map(tag).filter(|id| !records.contains_key(id)).collect();
        for field in &message.fields {
            let records = records.remove(&tag(field)).unwrap_or_default();
            match self.attempt(|writer| writer.field(message, field, type_name, &records)) {
                // An extension that does not decode counts as not set.
                Err(_) if is_extension(field) => _ = unread.insert(tag(field)),
                written => written?,
            }
        }
        if self.unknown_fields {
            let schema = self.schema;
            let rest = |(number, value): (u32, Value<'b>)| {
                let (wire_type, record) = as_payload(&value);
                match schema.field_of(message, (number, wire_type), record) {
                    Some(field) if !unread.contains(&number) => unknown_enum_values(schema, message, field, &value),
                    _ => vec![(number, value)],
                }
            };
            self.unknown(fields_by_number(message, bytes)?.into_iter().flat_map(rest));
        }
        Ok(())
    }

    fn field(
        &mut self,
        message: &MessageSchema,
        field: &FieldDescriptorProto,
        container: &str,
        records: &[Payload<'_>],
    ) -> Result<(), Error> {
        let is_message = matches!(field.r#type(), Type::Message | Type::Group);
        match records {
            _ if field.label() == Label::Repeated => {
                records.iter().try_for_each(|record| self.value(field, container, *record))
            }
            // The key and the value of a map entry are always printed.
            [] if message.is_map_entry && is_message => self.value(field, container, Payload::Bytes(&[])),
            [] if message.is_map_entry => self.value(field, container, default(field.r#type())),
            [] => Ok(()),
            [_, _, ..] if is_message => self.value(field, container, Payload::Bytes(&merged(records))),
            // A field without presence is omitted if it has its default value.
            [.., Payload::Number(0) | Payload::Bytes([])] if !has_presence(field) && !message.is_map_entry => Ok(()),
            [.., last] => self.value(field, container, *last),
        }
    }

    /// Calls `write`; if it fails, removes what it has written.
    fn attempt(&mut self, write: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        let (length, depth, schema) = (self.out.len(), self.depth, self.schema);
        let written = write(self);
        if written.is_err() {
            self.out.truncate(length);
            (self.depth, self.schema) = (depth, schema);
        }
        written
    }

    fn value(&mut self, field: &FieldDescriptorProto, container: &str, record: Payload<'_>) -> Result<(), Error> {
        let name = group_name(field, container).unwrap_or(field.name());
        self.start(name);
        match (field.r#type(), record) {
            (Type::Message | Type::Group, Payload::Bytes(bytes)) => {
                return self.nested(|writer| writer.fields(field.type_name(), bytes));
            }
            (Type::String, Payload::Bytes(bytes)) if std::str::from_utf8(bytes).is_err() => {
                return Err(Error(format!("`{name}` is not UTF-8")));
            }
            (ty, record) => {
                self.out.push_str(": ");
                self.scalar(ty, field, record);
            }
        }
        self.out.push('\n');
        Ok(())
    }

    fn scalar(&mut self, ty: Type, field: &FieldDescriptorProto, record: Payload<'_>) {
        let number = match record {
            Payload::Bytes(bytes) => return literal::quote(bytes, &mut self.out),
            Payload::Number(number) => number,
        };
        #[expect(clippy::cast_possible_truncation, reason = "the upper bits of a 32-bit number are ignored")]
        let low = number as u32;
        let shown = match ty {
            Type::Bool => (number != 0).to_string(),
            Type::Double => literal::float(f64::from_bits(number)),
            Type::Float => literal::float(f32::from_bits(low)),
            Type::Enum => match self.schema.name(field.type_name(), low.cast_signed()) {
                Some(name) => name.to_owned(),
                None => low.cast_signed().to_string(),
            },
            Type::Int32 | Type::Sfixed32 => low.cast_signed().to_string(),
            Type::Uint32 | Type::Fixed32 => low.to_string(),
            Type::Sint32 => wire::unzigzag(low.into()).to_string(),
            Type::Int64 | Type::Sfixed64 => number.cast_signed().to_string(),
            Type::Sint64 => wire::unzigzag(number).to_string(),
            _ => number.to_string(),
        };
        self.out.push_str(&shown);
    }

    /// Writes the message in an `Any`, if its type is known and its content decodes; returns whether it did.
    fn any(&mut self, bytes: &[u8]) -> bool {
        let Ok(any) = <prost_types::Any as prost::Message>::decode(bytes) else { return false };
        let Some((domain, name)) = any.type_url.rsplit_once('/') else { return false };
        let type_name = format!(".{name}");
        let is_url = any.type_url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-~%/".contains(&byte));
        let schema = find(self.schema, self.schemas, &type_name);
        let Some(schema) = schema.filter(|_| is_url && !domain.is_empty()) else { return false };
        let written = self.attempt(|writer| {
            writer.start(&format!("[{}]", any.type_url));
            let around = std::mem::replace(&mut writer.schema, schema);
            writer.nested(|writer| writer.fields(&type_name, &any.value))?;
            writer.schema = around;
            Ok(())
        });
        written.is_ok()
    }

    /// Writes unknown fields by number. As in other languages, bytes that decode as a message are written as one.
    fn unknown<'r>(&mut self, fields: impl Iterator<Item = (u32, Value<'r>)>) {
        for (number, value) in fields {
            self.start(&number.to_string());
            let fields = match value {
                Value::Group(ref fields) => Some(fields.clone()),
                Value::Bytes(bytes) if self.depth < MAX_DEPTH => {
                    Some(Records::of(bytes)).filter(|_| !bytes.is_empty() && wire::records(bytes).is_ok())
                }
                _ => None,
            };
            if let Some(fields) = fields {
                self.out.push_str(" {\n");
                self.depth += 1;
                self.unknown(fields.map(by_number));
                self.depth -= 1;
                self.start("}\n");
                continue;
            }
            self.out.push_str(": ");
            // Writing to a string cannot fail.
            _ = match value {
                Value::Varint(number) => write!(self.out, "{number}"),
                Value::Fixed32(number) => write!(self.out, "0x{number:08x}"),
                Value::Fixed64(number) => write!(self.out, "0x{number:016x}"),
                Value::Bytes(bytes) => {
                    literal::quote(bytes, &mut self.out);
                    Ok(())
                }
                Value::Group(_) => Ok(()),
            };
            self.out.push('\n');
        }
    }

    /// Starts a line with `text`, indented.
    fn start(&mut self, text: &str) {
        self.out.extend(std::iter::repeat_n("  ", self.depth.min(MAX_INDENTATION)));
        self.out.push_str(text);
    }

    fn nested(&mut self, content: impl FnOnce(&mut Self) -> Result<(), Error>) -> Result<(), Error> {
        if self.depth == MAX_DEPTH {
            return Err(Error("messages nest too deep".to_owned()));
        }
        self.out.push_str(" {\n");
        self.depth += 1;
        content(self)?;
        self.depth -= 1;
        self.start("}\n");
        Ok(())
    }
}

/// The fields of a message, or the items of a `MessageSet`, by number.
fn fields_by_number<'b>(message: &MessageSchema, bytes: &'b [u8]) -> Result<Vec<(u32, Value<'b>)>, Error> {
    if !message.is_message_set {
        return Ok(Records::of(bytes).map(by_number).collect());
    }
    let item = |((number, _), record)| {
        if let Payload::Bytes(item) = record { Some((number, Value::Bytes(item))) } else { None }
    };
    Ok(wire::items(bytes)?.into_iter().filter_map(item).collect())
}

fn by_number(record: unknown_fields::Record<'_>) -> (u32, Value<'_>) {
    (record.number(), record.value())
}

/// The unknown values of a packed list of a closed enum.
fn unknown_enum_values<'b>(
    schema: &Schema,
    message: &MessageSchema,
    field: &FieldDescriptorProto,
    value: &Value<'b>,
) -> Vec<(u32, Value<'b>)> {
    let Value::Bytes(list) = *value else { return Vec::new() };
    if field.r#type() != Type::Enum {
        return Vec::new();
    }
    let values = wire::unpack(Type::Enum, list).unwrap_or_default().into_iter();
    let unknown = values.filter(|value| !schema.has(message, field, *value));
    let number =
        |value| if let Payload::Number(number) = value { Some((tag(field), Value::Varint(number))) } else { None };
    unknown.filter_map(number).collect()
}

fn default(ty: Type) -> Payload<'static> {
    if matches!(ty, Type::String | Type::Bytes) { Payload::Bytes(&[]) } else { Payload::Number(0) }
}

/// The value of an unknown field as the payload of a record.
fn as_payload<'b>(value: &Value<'b>) -> (WireType, Payload<'b>) {
    match *value {
        Value::Varint(number) => (WireType::Varint, Payload::Number(number)),
        Value::Fixed32(number) => (WireType::ThirtyTwoBit, Payload::Number(number.into())),
        Value::Fixed64(number) => (WireType::SixtyFourBit, Payload::Number(number)),
        Value::Bytes(bytes) => (WireType::LengthDelimited, Payload::Bytes(bytes)),
        Value::Group(_) => (WireType::StartGroup, Payload::Bytes(&[])),
    }
}

/// Merges the records of a message.
fn merged(records: &[Payload<'_>]) -> Vec<u8> {
    let content = |record: &Payload<'_>| if let Payload::Bytes(bytes) = *record { bytes.to_vec() } else { Vec::new() };
    records.iter().flat_map(content).collect()
}
