//! Files in, all that they declare out: by index and by full name, with what it inherits.
//!
//! A message comes after the one around it. `validate` finds mistakes in the files.

pub mod editions;
pub mod features;
mod field;
mod grow;
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

/// The descriptors of what has an arena of its own are in that, and no longer in the descriptor around it.
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
    /// All of them, each before those in it.
    pub messages: Range<MessageId>,
    /// All of them, those at the top level first.
    pub enums: Range<EnumId>,
    pub services: Range<usize>,
    /// All of them, those at the top level first.
    pub extensions: Range<usize>,
    pub top_messages: Vec<MessageId>,
    pub top_enums: Range<EnumId>,
}

#[derive(Debug)]
pub struct Message<'a> {
    pub descriptor: DescriptorProto<'a>,
    pub at: Place,
    pub features: Features,
    /// Whether it is the entry of a map, which has no Rust form.
    pub is_map_entry: bool,
    /// Whether it or its file is.
    pub is_deprecated: bool,
    /// The message around it.
    pub parent: Option<MessageId>,
    /// The messages in it.
    pub nested: Vec<MessageId>,
    /// The enums in it.
    pub enums: Range<EnumId>,
    /// The extensions in it.
    pub extensions: Range<usize>,
    /// The first of its fields among those of all messages.
    first_field: usize,
}

#[derive(Debug)]
pub struct Enum<'a> {
    pub descriptor: EnumDescriptorProto<'a>,
    pub at: Place,
    pub features: Features,
    /// Whether it or its file is.
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

/// Where an element is, and what it is called there.
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

    /// Finds the element that `full_name` stands for.
    #[must_use]
    pub fn resolve(&self, full_name: &str) -> Option<Symbol> {
        self.names.get(full_name).copied()
    }

    /// The message that `full_name` stands for, if it is one.
    #[must_use]
    pub fn message(&self, full_name: &str) -> Option<MessageId> {
        match self.resolve(full_name)? {
            Symbol::Message(message) => Some(message),
            Symbol::Enum(_) | Symbol::Service(_) => None,
        }
    }

    /// The index of the file with this name.
    #[must_use]
    pub fn file_named(&self, name: &str) -> Option<usize> {
        self.file_names.get(name).copied()
    }

    /// Whether anything is in the module of a message; otherwise there is none.
    #[must_use]
    pub fn has_module(&self, message: MessageId) -> bool {
        let message = &self.messages[message];
        let nested = || message.nested.iter().any(|&nested| !self.messages[nested].is_map_entry);
        let has_oneof = || message.descriptor.field.iter().any(|field| oneof_index(field).is_some());
        !message.enums.is_empty() || nested() || has_oneof()
    }

    /// The messages and enums of a file that have a Rust form, all messages first.
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
    /// The fields that are members of no oneof, and the oneofs that have members, with these; the oneof of a proto3
    /// `optional` has none.
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
    /// The value that a value is, if it is no alias, or is an alias of: the first of its number.
    #[must_use]
    pub fn first_of_each_number(&self) -> Vec<usize> {
        let mut first = HashMap::new();
        let values = self.descriptor.value.iter().enumerate();
        values.map(|(index, value)| *first.entry(value.number()).or_insert(index)).collect()
    }
}

impl Place {
    /// The full name without its dot.
    #[must_use]
    pub fn display_name(&self) -> &str {
        &self.full_name[1..]
    }
}
