//! Looks up messages, fields and enums in embedded descriptors.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::OnceLock;

use prost::Message as _;
use prost::encoding::WireType;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet};

use super::error::{Result, TranscodeError};
use super::wire::{self, Payload};

/// The descriptors of a package, decoded on first use.
#[derive(Debug)]
pub struct Descriptors {
    set: &'static [u8],
    schema: OnceLock<Schema>,
}

impl Descriptors {
    /// Descriptors from a serialized `FileDescriptorSet`.
    #[must_use]
    pub const fn new(set: &'static [u8]) -> Self {
        Self { set, schema: OnceLock::new() }
    }

    pub(crate) fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| Schema::new(self.set))
    }
}

/// The messages and enums of a package and of the files that it imports.
#[derive(Debug, Default)]
pub(crate) struct Schema {
    /// By full name with a leading dot, as fields name their types.
    messages: HashMap<String, MessageSchema>,
    enums: HashMap<String, EnumDescriptorProto>,
}

#[derive(Debug)]
pub(crate) struct MessageSchema {
    pub(crate) fields: Vec<FieldDescriptorProto>,
    pub(crate) is_map_entry: bool,
    /// Whether it is a `MessageSet`, whose fields are items on the wire.
    pub(crate) is_message_set: bool,
    /// Whether it keeps unknown fields, to which unknown values of closed enums belong. The generator marks such messages with an extension
    /// range.
    keeps_unknown: bool,
    /// The reserved names of fields.
    #[cfg(feature = "text")]
    pub(crate) reserved: Vec<String>,
    /// Indices of fields by their JSON names and their own.
    by_name: HashMap<String, usize>,
    by_number: HashMap<u32, usize>,
}

impl Schema {
    fn new(set: &[u8]) -> Self {
        let set = FileDescriptorSet::decode(set).expect("the generator embeds descriptors");
        let (mut schema, mut extensions) = (Self::default(), Vec::new());
        for file in set.file {
            let scope = file.package.map(|package| format!(".{package}")).unwrap_or_default();
            schema.add_enums(&scope, file.enum_type);
            extensions.extend(file.extension.into_iter().map(|extension| named(extension, &scope)));
            schema.add_messages(&scope, file.message_type, &mut extensions);
        }
        for extension in extensions {
            if let Some(message) = schema.messages.get_mut(extension.extendee()) {
                message.by_name.insert(extension.name().to_owned(), message.fields.len());
                message.by_number.insert(tag(&extension), message.fields.len());
                message.fields.push(extension);
            }
        }
        schema
    }

    fn add_messages(
        &mut self,
        scope: &str,
        messages: Vec<DescriptorProto>,
        extensions: &mut Vec<FieldDescriptorProto>,
    ) {
        for message in messages {
            let name = format!("{scope}.{}", message.name());
            self.add_enums(&name, message.enum_type);
            extensions.extend(message.extension.into_iter().map(|extension| named(extension, &name)));
            self.add_messages(&name, message.nested_type, extensions);
            let names = |(index, field): (usize, &FieldDescriptorProto)| {
                [(field.name().to_owned(), index), (field.json_name().to_owned(), index)]
            };
            let by_name = message.field.iter().enumerate().flat_map(names).collect();
            let by_number = message.field.iter().enumerate().map(|(index, field)| (tag(field), index)).collect();
            let options = message.options.unwrap_or_default();
            let (is_map_entry, is_message_set) = (options.map_entry(), options.message_set_wire_format());
            self.messages.insert(
                name,
                MessageSchema {
                    fields: message.field,
                    is_map_entry,
                    is_message_set,
                    keeps_unknown: !message.extension_range.is_empty(),
                    #[cfg(feature = "text")]
                    reserved: message.reserved_name,
                    by_name,
                    by_number,
                },
            );
        }
    }

    fn add_enums(&mut self, scope: &str, enums: Vec<EnumDescriptorProto>) {
        self.enums
            .extend(enums.into_iter().map(|enumeration| (format!("{scope}.{}", enumeration.name()), enumeration)));
    }

    pub(crate) fn message(&self, type_name: &str) -> Result<&MessageSchema> {
        self.messages
            .get(type_name)
            .ok_or_else(|| TranscodeError::new(format!("there is no message `{}`", &type_name[1..])))
    }

    /// The message of a map field's entries.
    pub(crate) fn map_entry(&self, field: &FieldDescriptorProto) -> Option<&MessageSchema> {
        let is_candidate = field.label() == Label::Repeated && field.r#type() == Type::Message;
        let message = if is_candidate { self.messages.get(field.type_name()) } else { None };
        message.filter(|message| message.is_map_entry)
    }

    pub(crate) fn number(&self, enumeration: &str, name: &str) -> Option<i32> {
        let values = &self.enums.get(enumeration)?.value;
        Some(values.iter().find(|value| value.name() == name)?.number())
    }

    /// Whether an enum is closed. The generator marks such enums with a reserved range.
    pub(crate) fn is_closed(&self, enumeration: &str) -> bool {
        self.enums.get(enumeration).is_some_and(|enumeration| !enumeration.reserved_range.is_empty())
    }

    pub(crate) fn name(&self, enumeration: &str, number: i32) -> Option<&str> {
        let values = &self.enums.get(enumeration)?.value;
        Some(values.iter().find(|value| value.number() == number)?.name())
    }
}

impl Schema {
    /// The records of a message by field number: the elements of packed lists one by one, and of a oneof only the last member. Omits unknown
    /// fields, and extensions that do not decode.
    pub(crate) fn records<'b>(
        &self,
        message: &MessageSchema,
        bytes: &'b [u8],
    ) -> Result<BTreeMap<u32, Vec<Payload<'b>>>> {
        let mut fields: BTreeMap<u32, Vec<Payload<'_>>> = BTreeMap::new();
        let (mut members, mut malformed) = (BTreeMap::new(), BTreeSet::new());
        let records = if message.is_message_set { wire::items(bytes)? } else { wire::records(bytes)? };
        for (key, record) in records {
            let Some(field) = self.field_of(message, key, record) else { continue };
            let number = key.0;
            let values = fields.entry(number).or_default();
            match record {
                Payload::Bytes(list) if wire::is_packable(field.r#type()) => match wire::unpack(field.r#type(), list) {
                    Ok(list) => values.extend(list.into_iter().filter(|value| self.has(message, field, *value))),
                    Err(_) if is_extension(field) => _ = malformed.insert(number),
                    Err(error) => return Err(error),
                },
                _ => values.push(record),
            }
            let other = field.oneof_index.and_then(|oneof| members.insert(oneof, number));
            if let Some(other) = other.filter(|other| *other != number) {
                fields.remove(&other);
            }
        }
        fields.retain(|number, _| !malformed.contains(number));
        Ok(fields)
    }

    /// The field that a record belongs to; `None` if the record is an unknown field.
    pub(crate) fn field_of<'m>(
        &self,
        message: &'m MessageSchema,
        (number, wire_type): wire::Key,
        record: Payload<'_>,
    ) -> Option<&'m FieldDescriptorProto> {
        let field = &message.fields[*message.by_number.get(&number)?];
        let is_list = || field.label() == Label::Repeated && wire::is_packable(field.r#type());
        let takes = match wire_type {
            _ if wire_type == wire::wire_type(field.r#type()) => self.has(message, field, record),
            WireType::LengthDelimited => is_list(),
            _ => false,
        };
        takes.then_some(field)
    }

    /// Whether a record of the right wire type is a value of the field, and not an unknown value of a closed enum.
    pub(crate) fn has(&self, message: &MessageSchema, field: &FieldDescriptorProto, record: Payload<'_>) -> bool {
        match record {
            _ if !message.keeps_unknown => true,
            Payload::Number(number) => self.has_value(field, number),
            Payload::Bytes(entry) => self.has_value_of_entry(field, entry),
        }
    }

    /// Whether a number is a known value, unless the field is not a closed enum.
    fn has_value(&self, field: &FieldDescriptorProto, number: u64) -> bool {
        #[expect(clippy::cast_possible_truncation, reason = "prost ignores the upper bits too")]
        let number = (number as u32).cast_signed();
        let is_closed = field.r#type() == Type::Enum && self.is_closed(field.type_name());
        !is_closed || self.name(field.type_name(), number).is_some()
    }

    /// The same for the last value of a map entry: with an unknown value, the whole entry is an unknown field.
    fn has_value_of_entry(&self, field: &FieldDescriptorProto, entry: &[u8]) -> bool {
        let value = self.map_entry(field).and_then(|entry| entry.fields.get(1));
        let Some(value) = value.filter(|value| value.r#type() == Type::Enum) else { return true };
        let records = wire::records(entry).unwrap_or_default();
        let last = records.into_iter().rev().find(|(key, _)| *key == (tag(value), WireType::Varint));
        !matches!(last, Some((_, Payload::Number(number))) if !self.has_value(value, number))
    }
}

impl MessageSchema {
    #[cfg(feature = "text")]
    pub(crate) fn extensions(&self) -> impl Iterator<Item = &FieldDescriptorProto> {
        self.fields.iter().filter(|field| is_extension(field))
    }

    pub(crate) fn field(&self, name: &str) -> Option<&FieldDescriptorProto> {
        self.by_name.get(name).map(|&index| &self.fields[index])
    }
}

/// Makes an extension a field of the message that it extends, named by its full name in brackets.
fn named(mut extension: FieldDescriptorProto, scope: &str) -> FieldDescriptorProto {
    let full_name = format!("{scope}.{}", extension.name());
    let name = format!("[{}]", &full_name[1..]);
    extension.json_name = Some(name.clone());
    extension.name = Some(name);
    extension
}

/// Whether a field is an extension. Decoding its message does not check the content of extensions.
pub(crate) fn is_extension(field: &FieldDescriptorProto) -> bool {
    field.name().starts_with('[')
}

/// Whether a field has presence: whether it can be set to its default.
pub(crate) fn has_presence(field: &FieldDescriptorProto) -> bool {
    match field.label() {
        Label::Repeated => false,
        Label::Required => true,
        Label::Optional => {
            field.proto3_optional()
                || field.oneof_index.is_some()
                || matches!(field.r#type(), Type::Message | Type::Group)
        }
    }
}

pub(crate) fn tag(field: &FieldDescriptorProto) -> u32 {
    field.number().unsigned_abs()
}
