//! Embedded descriptors in, messages, fields and enums by name out.

use std::collections::{BTreeMap, HashMap};
use std::sync::OnceLock;

use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet};

use super::error::{Error, Result};
use super::wire::{self, Record};

/// The descriptors of a package, read when they are first needed.
#[derive(Debug)]
pub struct Descriptors {
    set: &'static [u8],
    schema: OnceLock<Schema>,
}

impl Descriptors {
    /// From a serialized `FileDescriptorSet`.
    #[must_use]
    pub const fn new(set: &'static [u8]) -> Self {
        Self { set, schema: OnceLock::new() }
    }

    pub(crate) fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| Schema::new(self.set))
    }
}

#[derive(Debug, Default)]
pub(crate) struct Schema {
    /// By name with the leading dot, as fields name their types.
    messages: HashMap<String, Message>,
    enums: HashMap<String, EnumDescriptorProto>,
}

#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) fields: Vec<FieldDescriptorProto>,
    pub(crate) is_map_entry: bool,
    /// Whether its fields are items on the wire.
    pub(crate) is_set: bool,
    /// Names that are reserved for fields, where there is a text form.
    #[cfg(feature = "text")]
    pub(crate) reserved: Vec<String>,
    /// Indices of fields by their JSON names and their own.
    by_name: HashMap<String, usize>,
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
            let options = message.options.unwrap_or_default();
            let (is_map_entry, is_set) = (options.map_entry(), options.message_set_wire_format());
            self.messages.insert(
                name,
                Message {
                    fields: message.field,
                    is_map_entry,
                    is_set,
                    #[cfg(feature = "text")]
                    reserved: message.reserved_name,
                    by_name,
                },
            );
        }
    }

    fn add_enums(&mut self, scope: &str, enums: Vec<EnumDescriptorProto>) {
        self.enums
            .extend(enums.into_iter().map(|enumeration| (format!("{scope}.{}", enumeration.name()), enumeration)));
    }

    pub(crate) fn message(&self, type_name: &str) -> Result<&Message> {
        self.messages.get(type_name).ok_or_else(|| Error::new(format!("there is no message `{}`", &type_name[1..])))
    }

    /// The message of a map field's entries.
    #[cfg(feature = "json")]
    pub(crate) fn map_entry(&self, field: &FieldDescriptorProto) -> Option<&Message> {
        let is_candidate = field.label() == Label::Repeated && field.r#type() == Type::Message;
        self.messages.get(field.type_name()).filter(|message| is_candidate && message.is_map_entry)
    }

    pub(crate) fn number(&self, enumeration: &str, name: &str) -> Option<i32> {
        let values = &self.enums.get(enumeration)?.value;
        Some(values.iter().find(|value| value.name() == name)?.number())
    }

    /// Whether an enum has no other values than its own. The generator says so where there is a text form, by reserving them.
    #[cfg(feature = "text")]
    pub(crate) fn is_closed(&self, enumeration: &str) -> bool {
        self.enums.get(enumeration).is_some_and(|enumeration| !enumeration.reserved_range.is_empty())
    }

    pub(crate) fn name(&self, enumeration: &str, number: i32) -> Option<&str> {
        let values = &self.enums.get(enumeration)?.value;
        Some(values.iter().find(|value| value.number() == number)?.name())
    }
}

impl Message {
    /// The records of each field in the binary form of a message; of a oneof, only those of the member that comes last.
    pub(crate) fn records<'b>(&self, bytes: &'b [u8]) -> Result<BTreeMap<u32, Vec<Record<'b>>>> {
        let mut fields: BTreeMap<u32, Vec<Record<'_>>> = BTreeMap::new();
        let oneofs: BTreeMap<u32, i32> =
            self.fields.iter().filter_map(|field| Some((tag(field), field.oneof_index?))).collect();
        let records = if self.is_set { wire::items(bytes)? } else { wire::records(bytes)? };
        for (number, record) in records {
            if let Some(oneof) = oneofs.get(&number) {
                fields.retain(|other, _| *other == number || oneofs.get(other) != Some(oneof));
            }
            fields.entry(number).or_default().push(record);
        }
        Ok(fields)
    }

    pub(crate) fn field(&self, name: &str) -> Option<&FieldDescriptorProto> {
        self.by_name.get(name).map(|&index| &self.fields[index])
    }
}

/// An extension as a field of the message that it extends: its name is its full name in brackets.
fn named(mut extension: FieldDescriptorProto, scope: &str) -> FieldDescriptorProto {
    let full_name = format!("{scope}.{}", extension.name());
    let name = format!("[{}]", &full_name[1..]);
    extension.json_name = Some(name.clone());
    extension.name = Some(name);
    extension
}

/// Whether a field that is set to its default differs from one that is not set.
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
