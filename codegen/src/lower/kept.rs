//! A schema and options in; the messages that keep what they do not declare out.

use std::collections::BTreeSet;
use std::ops::Range;

use rgrpc_schema::descriptor::{FieldDescriptorProto, OneofDescriptorProto};
use rgrpc_schema::schema::{self, Cardinality, EnumId, MessageId, Schema, Symbol};

use crate::emit::UNKNOWN_FIELDS;
use crate::model::Encoding;
use crate::options::{Options, Part};
use crate::paths::ExternPaths;

/// Which messages of a schema keep what they do not declare, and which enums have fields in others.
pub(crate) struct Kept {
    messages: Vec<bool>,
    /// Of each extension, whether there is a constant for it.
    constants: Vec<bool>,
    /// The enums of whose values an unknown one stays in a field.
    open_in_a_field: BTreeSet<EnumId>,
}

impl Kept {
    /// `to_generate` are the files of this run: outside of them, no type is there for a constant to name, unless the run is one of
    /// many.
    pub(super) fn new(schema: &Schema<'_>, options: &Options, externs: &ExternPaths, to_generate: &[&str]) -> Self {
        let selects = |message: &schema::Message<'_>| {
            let name = &*message.at.full_name;
            options.unknown_fields.select(&[name]) && !message.is_map_entry && !externs.contains(name)
        };
        let messages: Vec<bool> = schema.messages.iter().map(selects).collect();
        let dropping = (0..messages.len()).filter(|&id| !messages[id] && !schema.messages[id].is_map_entry);
        let enums = dropping.flat_map(|id| schema.fields_of(id)).filter_map(|field| {
            let value = match field.cardinality {
                Cardinality::Map(entry) => schema.value_of(entry)?.symbol?,
                _ => field.symbol?,
            };
            if let Symbol::Enum(enumeration) = value { Some(enumeration) } else { None }
        });
        let to_generate: BTreeSet<&str> = to_generate.iter().copied().collect();
        let is_there = |file: &str| {
            to_generate.contains(file) || options.part == Part::Packages && !file.starts_with("google/protobuf/")
        };
        let has_constant = |extension: &schema::Extension<'_>| {
            let extendee = schema.message(extension.descriptor.extendee()).filter(|&extendee| messages[extendee]);
            let file = extendee.map(|extendee| schema.file_of(&schema.messages[extendee].at).name());
            file.is_some_and(is_there) && !externs.contains(&extension.at.full_name)
        };
        let constants = schema.extensions.iter().map(has_constant).collect();
        Self {
            constants,
            open_in_a_field: if messages.contains(&true) { enums.collect() } else { BTreeSet::new() },
            messages,
        }
    }

    pub(crate) fn keeps(&self, message: MessageId) -> bool {
        self.messages[message]
    }

    /// The extensions among these of messages that keep what they do not declare. They have names whatever a run generates.
    pub(crate) fn extensions<'s>(
        &'s self,
        schema: &'s Schema<'_>,
        all: Range<usize>,
    ) -> impl Iterator<Item = usize> + use<'s> {
        let keeps = |extendee: &str| schema.message(extendee).is_some_and(|message| self.keeps(message));
        all.filter(move |&extension| keeps(schema.extensions[extension].descriptor.extendee()))
    }

    /// The extensions among these that have a constant: those of messages that are generated, and keep what they do not
    /// declare.
    pub(crate) fn constants(&self, all: Range<usize>) -> impl Iterator<Item = usize> + use<'_> {
        all.filter(|&extension| self.constants[extension])
    }

    /// Whether anything that has a name is in the module of a message.
    pub(super) fn has_module(&self, schema: &Schema<'_>, message: MessageId) -> bool {
        let extensions = schema.messages[message].extensions.clone();
        schema.has_module(message) || self.extensions(schema, extensions).next().is_some()
    }

    /// Whether no field takes a value that the enum does not have.
    pub(super) fn closes(&self, enumeration: EnumId) -> bool {
        self.messages.contains(&true) && !self.open_in_a_field.contains(&enumeration)
    }

    /// The name by which a path means the field of what a message does not declare: one that nothing in the message has.
    pub(crate) fn unknown_fields(schema: &Schema<'_>, message: MessageId) -> String {
        let schema::Message { at, descriptor, extensions, .. } = &schema.messages[message];
        let fields = descriptor.field.iter().map(FieldDescriptorProto::name);
        let oneofs = descriptor.oneof_decl.iter().map(OneofDescriptorProto::name);
        let extensions = schema.extensions[extensions.clone()].iter().map(|extension| extension.descriptor.name());
        let taken: BTreeSet<&str> = fields.chain(oneofs).chain(extensions).collect();
        let mut name = UNKNOWN_FIELDS.to_owned();
        while taken.contains(&*name) || schema.resolve(&format!("{}.{name}", at.full_name)).is_some() {
            name.push('_');
        }
        name
    }

    pub(super) fn encoding(&self, message: MessageId) -> Encoding {
        if self.keeps(message) { Encoding::Kept } else { Encoding::Derived }
    }
}
