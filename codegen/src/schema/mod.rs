//! Files in, every message, enum and service of them out: by index and by full name, with what it inherits.
//!
//! A message comes after the one around it. What is wrong with the files is for `wellformed` to find.

pub(crate) mod editions;
pub(crate) mod features;
mod field;

use std::collections::HashMap;

use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FeatureSet, FileDescriptorProto, MessageOptions, ServiceDescriptorProto,
};
use crate::full_name;
use crate::source::{MessageStep, Path, Step};

pub(crate) use field::{Cardinality, Field, FieldId, is_packable};

/// The index of a message in [`Schema::messages`].
pub(crate) type MessageId = usize;

/// The index of an enum in [`Schema::enums`].
pub(crate) type EnumId = usize;

#[derive(Default)]
pub(crate) struct Schema<'a> {
    pub(crate) files: Vec<File<'a>>,
    pub(crate) messages: Vec<Message<'a>>,
    pub(crate) enums: Vec<Enum<'a>>,
    pub(crate) services: Vec<Service<'a>>,
    names: HashMap<String, Symbol>,
}

pub(crate) struct File<'a> {
    pub(crate) descriptor: &'a FileDescriptorProto,
    /// Those at its top level.
    pub(crate) messages: Vec<MessageId>,
    /// Those at its top level.
    pub(crate) enums: Vec<EnumId>,
}

pub(crate) struct Message<'a> {
    pub(crate) descriptor: &'a DescriptorProto,
    pub(crate) at: Place,
    /// The message around it.
    pub(crate) parent: Option<MessageId>,
    /// The messages in it.
    pub(crate) nested: Vec<MessageId>,
    /// The enums in it.
    pub(crate) enums: Vec<EnumId>,
    pub(crate) features: FeatureSet,
    /// How many messages are around it, and itself.
    pub(crate) level: usize,
}

pub(crate) struct Enum<'a> {
    pub(crate) descriptor: &'a EnumDescriptorProto,
    pub(crate) at: Place,
    /// The message around it.
    pub(crate) parent: Option<MessageId>,
}

pub(crate) struct Service<'a> {
    pub(crate) descriptor: &'a ServiceDescriptorProto,
    pub(crate) at: Place,
}

/// Where an element is, and what it is called there.
pub(crate) struct Place {
    pub(crate) file: usize,
    pub(crate) path: Path,
    /// `.demo.v1.Book`
    pub(crate) full_name: String,
}

/// What a full name stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Symbol {
    Message(MessageId),
    Enum(EnumId),
    Service(usize),
}

impl<'a> Schema<'a> {
    /// What `full_name` stands for.
    pub(crate) fn resolve(&self, full_name: &str) -> Option<Symbol> {
        self.names.get(full_name).copied()
    }

    /// The message that `full_name` stands for, if it is one.
    pub(crate) fn message(&self, full_name: &str) -> Option<MessageId> {
        match self.resolve(full_name)? {
            Symbol::Message(message) => Some(message),
            Symbol::Enum(_) | Symbol::Service(_) => None,
        }
    }

    /// Whether anything is in the module of a message; otherwise there is none.
    pub(crate) fn has_module(&self, message: MessageId) -> bool {
        let message = &self.messages[message];
        let nested = || message.nested.iter().any(|&nested| !self.messages[nested].is_map_entry());
        let has_oneof = || message.descriptor.field.iter().any(|field| field::oneof_index(field).is_some());
        !message.enums.is_empty() || nested() || has_oneof()
    }

    pub(crate) fn file_of(&self, place: &Place) -> &'a FileDescriptorProto {
        self.files[place.file].descriptor
    }

    /// Adds a file, and what is at its top level.
    pub(crate) fn add_file(&mut self, descriptor: &'a FileDescriptorProto) {
        let file = self.files.len();
        let scope = full_name::scope(descriptor.package());
        let place = |step, index, name: &str| Place {
            file,
            path: Path::file(step, index),
            full_name: full_name::join(&scope, name),
        };
        let features = features::of_file(descriptor);
        let (first_message, first_enum) = (self.messages.len(), self.enums.len());
        self.messages.extend(descriptor.message_type.iter().enumerate().map(|(index, message)| Message {
            descriptor: message,
            at: place(Step::Message, index, message.name()),
            parent: None,
            nested: Vec::new(),
            enums: Vec::new(),
            features: features::of_message(message, &features),
            level: 1,
        }));
        let enums = descriptor.enum_type.iter().enumerate();
        self.enums.extend(enums.map(|(index, enum_)| Enum {
            descriptor: enum_,
            at: place(Step::Enum, index, enum_.name()),
            parent: None,
        }));
        let services = descriptor.service.iter().enumerate();
        self.services.extend(
            services.map(|(index, service)| Service {
                descriptor: service,
                at: place(Step::Service, index, service.name()),
            }),
        );
        self.files.push(File {
            descriptor,
            messages: (first_message..self.messages.len()).collect(),
            enums: (first_enum..self.enums.len()).collect(),
        });
    }

    /// Adds a file without what is in it.
    pub(crate) fn add_bare_file(&mut self, descriptor: &'a FileDescriptorProto) {
        self.files.push(File { descriptor, messages: Vec::new(), enums: Vec::new() });
    }

    /// Adds what is in a message.
    pub(crate) fn add_nested(&mut self, parent: MessageId) {
        let Message { descriptor, ref at, level, ref features, .. } = self.messages[parent];
        let place = |step, index, name: &str| Place {
            file: at.file,
            path: at.path.in_message(step, index),
            full_name: full_name::join(&at.full_name, name),
        };
        let messages = descriptor.nested_type.iter().enumerate().map(|(index, message)| Message {
            descriptor: message,
            at: place(MessageStep::Nested, index, message.name()),
            parent: Some(parent),
            nested: Vec::new(),
            enums: Vec::new(),
            features: features::of_message(message, features),
            level: level + 1,
        });
        let messages: Vec<_> = messages.collect();
        let enums = descriptor.enum_type.iter().enumerate().map(|(index, enum_)| Enum {
            descriptor: enum_,
            at: place(MessageStep::Enum, index, enum_.name()),
            parent: Some(parent),
        });
        let enums: Vec<_> = enums.collect();
        self.messages[parent].nested = (self.messages.len()..self.messages.len() + messages.len()).collect();
        self.messages[parent].enums = (self.enums.len()..self.enums.len() + enums.len()).collect();
        self.messages.extend(messages);
        self.enums.extend(enums);
    }

    /// Lets the name of an element stand for it.
    pub(crate) fn add_name(&mut self, symbol: Symbol) {
        let full_name = self.place(symbol).full_name.clone();
        self.names.insert(full_name, symbol);
    }

    pub(crate) fn place(&self, symbol: Symbol) -> &Place {
        match symbol {
            Symbol::Message(index) => &self.messages[index].at,
            Symbol::Enum(index) => &self.enums[index].at,
            Symbol::Service(index) => &self.services[index].at,
        }
    }
}

impl Symbol {
    pub(crate) fn noun(self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Enum(_) => "enum",
            Self::Service(_) => "service",
        }
    }
}

impl Message<'_> {
    /// Whether it is the entry of a map, which has no Rust form.
    pub(crate) fn is_map_entry(&self) -> bool {
        self.descriptor.options.as_deref().is_some_and(MessageOptions::map_entry)
    }

    /// The fields that are members of no oneof, and the oneofs that have members, with these; the oneof of a proto3
    /// `optional` has none.
    pub(crate) fn partition(&self) -> (Vec<usize>, Vec<Oneof>) {
        let mut fields = Vec::new();
        let oneofs = (0..self.descriptor.oneof_decl.len()).map(|index| Oneof { index, fields: Vec::new() });
        let mut oneofs: Vec<_> = oneofs.collect();
        for (index, field) in self.descriptor.field.iter().enumerate() {
            match field::oneof_index(field).and_then(|oneof| oneofs.get_mut(oneof)) {
                Some(oneof) => oneof.fields.push(index),
                None => fields.push(index),
            }
        }
        oneofs.retain(|oneof| !oneof.fields.is_empty());
        (fields, oneofs)
    }
}

/// A oneof and its members.
pub(crate) struct Oneof {
    pub(crate) index: usize,
    pub(crate) fields: Vec<usize>,
}

impl Enum<'_> {
    /// The value that a value is, if it is no alias, or is an alias of: the first of its number.
    pub(crate) fn first_of_each_number(&self) -> Vec<usize> {
        let mut first = HashMap::new();
        let values = self.descriptor.value.iter().enumerate();
        values.map(|(index, value)| *first.entry(value.number()).or_insert(index)).collect()
    }
}

impl Place {
    /// The full name without its dot.
    pub(crate) fn shown(&self) -> &str {
        &self.full_name[1..]
    }
}
