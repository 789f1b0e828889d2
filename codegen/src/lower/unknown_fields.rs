//! Decides which messages keep unknown fields, and what follows for extensions and closed enums.

use std::collections::BTreeSet;
use std::ops::Range;

use rgrpc_schema::descriptor::{FieldDescriptorProto, OneofDescriptorProto};
use rgrpc_schema::schema::{self, Cardinality, EnumId, MessageId, Schema, Symbol};

use super::extern_paths::ExternPaths;
use crate::emit::UNKNOWN_FIELDS;
use crate::model::Encoding;
use crate::options::{Options, Part};

/// The messages that keep unknown fields, as the option `unknown_fields` selects them.
pub(crate) struct UnknownFields {
    /// Of each message, whether it keeps unknown fields.
    messages: Vec<bool>,
    /// Of each extension, whether a constant is generated for it.
    constants: Vec<bool>,
    /// The enums for which at least one field stores unknown values, since its message drops unknown fields. Empty if no message
    /// keeps unknown fields.
    open_in_a_field: BTreeSet<EnumId>,
}

impl UnknownFields {
    /// Decides for a whole schema. A constant names the type that its extension extends, so `to_generate`, the files of this run, must
    /// contain that type, unless other runs generate the other packages.
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
        let is_generated = |file: &str| {
            to_generate.contains(file) || options.part == Part::Packages && !file.starts_with("google/protobuf/")
        };
        let has_constant = |extension: &schema::Extension<'_>| {
            let extendee = schema.message(extension.descriptor.extendee()).filter(|&extendee| messages[extendee]);
            let file = extendee.map(|extendee| schema.file_of(&schema.messages[extendee].at).name());
            file.is_some_and(is_generated) && !externs.contains(&extension.at.full_name)
        };
        let constants = schema.extensions.iter().map(has_constant).collect();
        Self {
            constants,
            open_in_a_field: if messages.contains(&true) { enums.collect() } else { BTreeSet::new() },
            messages,
        }
    }

    /// Whether a message keeps unknown fields.
    pub(crate) fn kept_by(&self, message: MessageId) -> bool {
        self.messages[message]
    }

    /// The extensions among `all` whose extended message keeps unknown fields. Each of them is given a Rust name, whichever files a run
    /// generates, so that the names do not depend on the run.
    pub(crate) fn usable_extensions<'s>(
        &'s self,
        schema: &'s Schema<'_>,
        all: Range<usize>,
    ) -> impl Iterator<Item = usize> + use<'s> {
        let keeps = |extendee: &str| schema.message(extendee).is_some_and(|message| self.kept_by(message));
        all.filter(move |&extension| keeps(schema.extensions[extension].descriptor.extendee()))
    }

    /// The extensions among `all` for which a constant is generated: those whose extended message is generated and keeps unknown fields.
    pub(crate) fn extension_constants(&self, all: Range<usize>) -> impl Iterator<Item = usize> + use<'_> {
        all.filter(|&extension| self.constants[extension])
    }

    /// Whether a message may need a module, because it declares anything that is given a Rust name there.
    pub(super) fn has_module(&self, schema: &Schema<'_>, message: MessageId) -> bool {
        let extensions = schema.messages[message].extensions.clone();
        schema.has_module(message) || self.usable_extensions(schema, extensions).next().is_some()
    }

    /// Whether every message with a field of this closed enum keeps unknown fields, and among them the unknown values of the enum.
    pub(super) fn closes(&self, enumeration: EnumId) -> bool {
        self.messages.contains(&true) && !self.open_in_a_field.contains(&enumeration)
    }

    /// The proto name by which a path selects the field of unknown fields: `unknown_fields`, with as many underscores appended as it
    /// takes to differ from everything that the message declares.
    pub(crate) fn path_name(schema: &Schema<'_>, message: MessageId) -> String {
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
        if self.kept_by(message) { Encoding::Macro } else { Encoding::Derived }
    }
}
