//! Embedded descriptors in, messages, fields and enums by name out.

use std::collections::HashMap;
use std::sync::OnceLock;

use prost::Message as _;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorSet};

use super::error::{Error, Result};

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

    pub(super) fn schema(&self) -> &Schema {
        self.schema.get_or_init(|| Schema::new(self.set))
    }
}

#[derive(Debug, Default)]
pub(super) struct Schema {
    /// By name with the leading dot, as fields name their types.
    messages: HashMap<String, Message>,
    enums: HashMap<String, EnumDescriptorProto>,
}

#[derive(Debug)]
pub(super) struct Message {
    pub(super) fields: Vec<FieldDescriptorProto>,
    pub(super) is_map_entry: bool,
    /// Indices of fields by their JSON names and their own.
    by_name: HashMap<String, usize>,
}

impl Schema {
    fn new(set: &[u8]) -> Self {
        let set = FileDescriptorSet::decode(set).expect("the generator embeds descriptors");
        let mut schema = Self::default();
        for file in set.file {
            let scope = file.package.map(|package| format!(".{package}")).unwrap_or_default();
            schema.add_enums(&scope, file.enum_type);
            schema.add_messages(&scope, file.message_type);
        }
        schema
    }

    fn add_messages(&mut self, scope: &str, messages: Vec<DescriptorProto>) {
        for message in messages {
            let name = format!("{scope}.{}", message.name());
            self.add_enums(&name, message.enum_type);
            self.add_messages(&name, message.nested_type);
            let names = |(index, field): (usize, &FieldDescriptorProto)| {
                [(field.name().to_owned(), index), (field.json_name().to_owned(), index)]
            };
            let by_name = message.field.iter().enumerate().flat_map(names).collect();
            let is_map_entry = message.options.is_some_and(|options| options.map_entry());
            self.messages.insert(name, Message { fields: message.field, is_map_entry, by_name });
        }
    }

    fn add_enums(&mut self, scope: &str, enums: Vec<EnumDescriptorProto>) {
        self.enums
            .extend(enums.into_iter().map(|enumeration| (format!("{scope}.{}", enumeration.name()), enumeration)));
    }

    pub(super) fn message(&self, type_name: &str) -> Result<&Message> {
        self.messages.get(type_name).ok_or_else(|| Error::new(format!("there is no message `{}`", &type_name[1..])))
    }

    /// The message of a map field's entries.
    pub(super) fn map_entry(&self, field: &FieldDescriptorProto) -> Option<&Message> {
        let is_candidate = field.label() == Label::Repeated && field.r#type() == Type::Message;
        self.messages.get(field.type_name()).filter(|message| is_candidate && message.is_map_entry)
    }

    pub(super) fn number(&self, enumeration: &str, name: &str) -> Option<i32> {
        let values = &self.enums.get(enumeration)?.value;
        Some(values.iter().find(|value| value.name() == name)?.number())
    }

    pub(super) fn name(&self, enumeration: &str, number: i32) -> Option<&str> {
        let values = &self.enums.get(enumeration)?.value;
        Some(values.iter().find(|value| value.number() == number)?.name())
    }
}

impl Message {
    pub(super) fn field(&self, name: &str) -> Option<&FieldDescriptorProto> {
        self.by_name.get(name).map(|&index| &self.fields[index])
    }
}

/// Whether a field that is set to its default differs from one that is not set.
pub(super) fn has_presence(field: &FieldDescriptorProto) -> bool {
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

pub(super) fn tag(field: &FieldDescriptorProto) -> u32 {
    field.number().unsigned_abs()
}
