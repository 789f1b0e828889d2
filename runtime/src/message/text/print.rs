//! Transcodes the binary form of a message to text.

use std::collections::BTreeSet;
use std::fmt::Write;

use prost::encoding::WireType;
use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::{Label, Type};

use super::{
    Error, Text, literal,
    read::{find, group_name},
    types::Types,
};
use crate::{
    message::transcode::{
        schema::{MessageSchema, Schema, has_presence, is_extension, tag},
        wire::{self, MAX_DEPTH, Payload},
    },
    unknown_fields::{self, Records, Value},
};

/// How messages are written.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/../golden/src/cases/text/demo.v1.rs")); }
/// use rgrpc::{prost::Message, text::Printer};
///
/// let user = proto::User::decode(&b"\x0a\x03Ada\xc0\x3e\x07"[..]).unwrap();
/// assert_eq!(Printer::new().with_unknown_fields().print(&user)?, "name: \"Ada\"\n1000: 7\n");
/// # Ok::<_, rgrpc::text::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Printer {
    unknown_fields: bool,
    types: Types,
}

impl Printer {
    /// As [`to_string`](super::to_string) does.
    #[must_use]
    pub const fn new() -> Self {
        Self { unknown_fields: false, types: Types::new() }
    }

    /// Writes also what a message does not declare, by number. Default: leaves it out, because nothing can read it again.
    #[must_use]
    pub fn with_unknown_fields(self) -> Self {
        Self { unknown_fields: true, ..self }
    }

    /// Knows also the messages of the package of `M` and of what it imports, which an `Any` may hold.
    #[must_use]
    pub fn with_types_of<M: Text>(mut self) -> Self {
        self.types.add::<M>();
        self
    }

    /// Writes a message.
    ///
    /// # Errors
    /// Fails if messages are nested more than 100 deep.
    pub fn print<M: Text>(&self, message: &M) -> Result<String, Error> {
        let (schemas, out) = (self.types.schemas::<M>(), String::new());
        let mut printer =
            FieldPrinter { schemas: &schemas, schema: schemas[0], unknown_fields: self.unknown_fields, out, depth: 0 };
        printer.fields(&format!(".{}", M::FULL_NAME), &message.encode_to_vec())?;
        Ok(printer.out)
    }
}

/// Deeper lines are indented as this level: each line of a hostile message would otherwise be 200 blanks.
const MAX_INDENTATION: usize = 16;

struct FieldPrinter<'a> {
    schemas: &'a [&'a Schema],
    /// The schema of the message.
    schema: &'a Schema,
    unknown_fields: bool,
    out: String,
    /// How many messages this one is nested in.
    depth: usize,
}

impl FieldPrinter<'_> {
    fn fields<'b>(&mut self, type_name: &str, bytes: &'b [u8]) -> Result<(), Error> {
        let message = self.schema.message(type_name)?;
        if type_name == ".google.protobuf.Any" && self.any(bytes) {
            return Ok(());
        }
        let mut records = self.schema.records(message, bytes)?;
        let mut unread: BTreeSet<u32> = message.extensions().map(tag).filter(|id| !records.contains_key(id)).collect();
        for field in &message.fields {
            let records = records.remove(&tag(field)).unwrap_or_default();
            match self.attempt(|printer| printer.field(message, field, type_name, &records)) {
                // It is as if it was not set.
                Err(_) if is_extension(field) => _ = unread.insert(tag(field)),
                written => written?,
            }
        }
        if self.unknown_fields {
            let schema = self.schema;
            let rest = |(number, value): (u32, Value<'b>)| {
                let (wire_type, record) = seen(&value);
                match schema.field_of(message, (number, wire_type), record) {
                    Some(field) if !unread.contains(&number) => refused(schema, message, field, &value),
                    _ => vec![(number, value)],
                }
            };
            self.unknown(content(message, bytes)?.into_iter().flat_map(rest));
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
            // The key and the value of an entry are there, whatever they are.
            [] if message.is_map_entry && is_message => self.value(field, container, Payload::Bytes(&[])),
            [] if message.is_map_entry => self.value(field, container, default(field.r#type())),
            [] => Ok(()),
            [_, _, ..] if is_message => self.value(field, container, Payload::Bytes(&merged(records))),
            // A field without presence is not there where it is its default.
            [.., Payload::Number(0) | Payload::Bytes([])] if !has_presence(field) && !message.is_map_entry => Ok(()),
            [.., last] => self.value(field, container, *last),
        }
    }

    /// Takes back what was written if it could not be finished.
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
                return self.nested(|printer| printer.fields(field.type_name(), bytes));
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
        // The upper bytes of a number that has 32 bits mean nothing.
        #[expect(clippy::cast_possible_truncation, reason = "see above")]
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

    /// Writes what an `Any` holds, if the schema has its type and the content is of it, and says whether it did.
    fn any(&mut self, bytes: &[u8]) -> bool {
        let Ok(any) = <prost_types::Any as prost::Message>::decode(bytes) else { return false };
        let Some((domain, name)) = any.type_url.rsplit_once('/') else { return false };
        let type_name = format!(".{name}");
        let is_url = any.type_url.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"._-~%/".contains(&byte));
        let schema = find(self.schema, self.schemas, &type_name);
        let Some(schema) = schema.filter(|_| is_url && !domain.is_empty()) else { return false };
        let written = self.attempt(|printer| {
            printer.start(&format!("[{}]", any.type_url));
            let around = std::mem::replace(&mut printer.schema, schema);
            printer.nested(|printer| printer.fields(&type_name, &any.value))?;
            printer.schema = around;
            Ok(())
        });
        written.is_ok()
    }

    /// Writes fields by number: what reads as fields is written as such, as elsewhere.
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
            // A string takes everything.
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

    /// Starts a line.
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

/// The fields of a message by number; of a `MessageSet`, its items.
fn content<'b>(message: &MessageSchema, bytes: &'b [u8]) -> Result<Vec<(u32, Value<'b>)>, Error> {
    if !message.is_set {
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

/// The values of a packed list that the enum of the field does not have.
fn refused<'b>(
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
    let refused = values.filter(|value| !schema.has(message, field, *value));
    let number =
        |value| if let Payload::Number(number) = value { Some((tag(field), Value::Varint(number))) } else { None };
    refused.filter_map(number).collect()
}

fn default(ty: Type) -> Payload<'static> {
    if matches!(ty, Type::String | Type::Bytes) { Payload::Bytes(&[]) } else { Payload::Number(0) }
}

/// The view of a record that a schema needs.
fn seen<'b>(value: &Value<'b>) -> (WireType, Payload<'b>) {
    match *value {
        Value::Varint(number) => (WireType::Varint, Payload::Number(number)),
        Value::Fixed32(number) => (WireType::ThirtyTwoBit, Payload::Number(number.into())),
        Value::Fixed64(number) => (WireType::SixtyFourBit, Payload::Number(number)),
        Value::Bytes(bytes) => (WireType::LengthDelimited, Payload::Bytes(bytes)),
        Value::Group(_) => (WireType::StartGroup, Payload::Bytes(&[])),
    }
}

/// The message that several records are together.
fn merged(records: &[Payload<'_>]) -> Vec<u8> {
    let content = |record: &Payload<'_>| if let Payload::Bytes(bytes) = *record { bytes.to_vec() } else { Vec::new() };
    records.iter().flat_map(content).collect()
}
