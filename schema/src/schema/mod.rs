//! The linked schema: arenas of all files, messages, enums, services and extensions, with names and features resolved.
//!
//! A message comes after the message around it. `Schema::link` makes a schema, and lives in `validate`.

mod build;
pub mod editions;
pub mod features;
mod field;
mod resolved;
mod symbol;

use std::collections::HashMap;
use std::ops::Range;

use crate::Features;
use crate::descriptor::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, ServiceDescriptorProto,
};
use crate::names::Names;
use crate::source::{Path, Source};
use resolved::ResolvedField;

pub use field::{Field, FieldId};
pub use resolved::{Cardinality, is_packable, oneof_index};
pub use symbol::{EnumId, MessageId, Symbol};

/// A linked and validated schema.
///
/// Each descriptor is stored once: those of messages, enums, services and extensions are moved out of their parents into the arenas.
#[derive(Debug, Default)]
pub struct Schema<'a> {
    pub files: Vec<FileContents<'a>>,
    pub messages: Vec<Message<'a>>,
    pub enums: Vec<Enum<'a>>,
    pub services: Vec<Service<'a>>,
    pub extensions: Vec<Extension<'a>>,
    /// The fields of all messages, message by message.
    fields: Vec<ResolvedField>,
    names: Names<String, Symbol>,
    file_names: Names<&'a str, usize>,
}

#[derive(Debug)]
pub struct FileContents<'a> {
    pub descriptor: FileDescriptorProto<'a>,
    pub features: Features,
    /// All messages, each before those in it.
    pub messages: Range<MessageId>,
    /// All enums, those at the top level first.
    pub enums: Range<EnumId>,
    pub services: Range<usize>,
    /// All extensions, those at the top level first.
    pub extensions: Range<usize>,
    pub top_messages: Vec<MessageId>,
    pub top_enums: Range<EnumId>,
}

#[derive(Debug)]
pub struct Message<'a> {
    pub descriptor: DescriptorProto<'a>,
    pub at: Place,
    pub features: Features,
    /// Whether the message is a map entry, which no Rust type is generated for.
    pub is_map_entry: bool,
    /// Whether the message or its file is deprecated.
    pub is_deprecated: bool,
    /// The message around it.
    pub parent: Option<MessageId>,
    /// The messages nested in it.
    pub nested: Vec<MessageId>,
    /// The enums nested in it.
    pub enums: Range<EnumId>,
    /// The extensions declared in it.
    pub extensions: Range<usize>,
    /// The index of its first field in `Schema::fields`.
    first_field: usize,
}

#[derive(Debug)]
pub struct Enum<'a> {
    pub descriptor: EnumDescriptorProto<'a>,
    pub at: Place,
    pub features: Features,
    /// Whether the enum or its file is deprecated.
    pub is_deprecated: bool,
    /// The message around it.
    pub parent: Option<MessageId>,
}

#[derive(Debug)]
pub struct Service<'a> {
    pub descriptor: ServiceDescriptorProto<'a>,
    pub at: Place,
}

#[derive(Debug)]
pub struct Extension<'a> {
    pub descriptor: FieldDescriptorProto<'a>,
    pub at: Place,
    pub features: Features,
}

/// The file, the path and the full name of an element.
#[derive(Debug)]
pub struct Place {
    pub file: usize,
    pub path: Path,
    /// `.demo.v1.Book`
    pub full_name: String,
}

impl<'a> Schema<'a> {
    /// The extensions at the top level of a file.
    #[must_use]
    pub fn top_extensions(&self, file: usize) -> Range<usize> {
        let FileContents { messages, extensions, .. } = &self.files[file];
        let nested = self.messages[messages.clone()].iter().map(|message| &message.extensions);
        let first_nested = nested.filter(|nested| !nested.is_empty()).map(|nested| nested.start).min();
        extensions.start..first_nested.unwrap_or(extensions.end)
    }

    /// Returns the message, enum or service with a full name.
    #[must_use]
    pub fn resolve(&self, full_name: &str) -> Option<Symbol> {
        self.names.get(full_name).copied()
    }

    /// Returns the message with a full name.
    #[must_use]
    pub fn message(&self, full_name: &str) -> Option<MessageId> {
        match self.resolve(full_name)? {
            Symbol::Message(message) => Some(message),
            Symbol::Enum(_) | Symbol::Service(_) => None,
        }
    }

    /// Returns the index of the file with a name.
    #[must_use]
    pub fn file_named(&self, name: &str) -> Option<usize> {
        self.file_names.get(name).copied()
    }

    /// Whether a module is generated for a message: it has nested types or oneofs.
    #[must_use]
    pub fn has_module(&self, message: MessageId) -> bool {
        let message = &self.messages[message];
        let nested = || message.nested.iter().any(|&nested| !self.messages[nested].is_map_entry);
        let has_oneof = || message.descriptor.field.iter().any(|field| oneof_index(field).is_some());
        !message.enums.is_empty() || nested() || has_oneof()
    }

    /// The messages and enums of a file that Rust types are generated for, messages first.
    pub fn types(&self, file: usize) -> impl Iterator<Item = Symbol> {
        let FileContents { messages, enums, .. } = &self.files[file];
        let messages = messages.clone().filter(|&message| !self.messages[message].is_map_entry).map(Symbol::Message);
        messages.chain(enums.clone().map(Symbol::Enum))
    }

    #[must_use]
    pub fn file_of(&self, place: &Place) -> &FileDescriptorProto<'a> {
        &self.files[place.file].descriptor
    }

    #[must_use]
    pub fn source(&self, file: usize) -> Source<'a> {
        Source::new(&self.files[file].descriptor)
    }

    #[must_use]
    pub fn place(&self, symbol: Symbol) -> &Place {
        match symbol {
            Symbol::Message(index) => &self.messages[index].at,
            Symbol::Enum(index) => &self.enums[index].at,
            Symbol::Service(index) => &self.services[index].at,
        }
    }
}

impl Message<'_> {
    /// Separates the fields outside of oneofs from the oneofs with their members. The synthetic oneof of a proto3 `optional` field counts
    /// as none.
    #[must_use]
    pub fn partition(&self) -> (Vec<usize>, Vec<Oneof>) {
        let mut fields = Vec::new();
        let oneofs = (0..self.descriptor.oneof_decl.len()).map(|index| Oneof { index, fields: Vec::new() });
        let mut oneofs: Vec<_> = oneofs.collect();
        for (index, field) in self.descriptor.field.iter().enumerate() {
            match oneof_index(field).and_then(|oneof| oneofs.get_mut(oneof)) {
                Some(oneof) => oneof.fields.push(index),
                None => fields.push(index),
            }
        }
        oneofs.retain(|oneof| !oneof.fields.is_empty());
        (fields, oneofs)
    }
}

/// A oneof and its members.
pub struct Oneof {
    pub index: usize,
    pub fields: Vec<usize>,
}

impl Enum<'_> {
    /// For each value, the index of the first value with the same number: itself, unless it is an alias.
    #[must_use]
    pub fn first_of_each_number(&self) -> Vec<usize> {
        let mut first = HashMap::new();
        let values = self.descriptor.value.iter().enumerate();
        values.map(|(index, value)| *first.entry(value.number()).or_insert(index)).collect()
    }
}

impl Place {
    /// The full name without its leading dot.
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.full_name[1..]
    }
}
