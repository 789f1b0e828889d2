//! Adds files to a schema. Each arena is filled file by file, and a parent comes before its children.

use std::mem::take;

use super::{Enum, Extension, FileContents, Message, MessageId, Place, Schema, Service, Symbol, features};
use crate::descriptor::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, ServiceDescriptorProto,
};
use crate::source::{MessageStep, Path, Step};
use crate::{Features, full_name};

/// The scope of the elements that are being added.
struct Parent {
    file: usize,
    path: Path,
    /// `.demo.v1`, `.demo.v1.Book`
    full_name: String,
    features: Features,
    /// Whether the file is deprecated.
    is_deprecated: bool,
    message: Option<MessageId>,
    /// The number of messages around the elements.
    level: usize,
}

impl Parent {
    fn place(&self, path: Path, name: &str) -> Place {
        Place { file: self.file, path, full_name: full_name::join(&self.full_name, name) }
    }
}

/// Decides whether to add the children of a message, given the message, its children and the number of messages around it.
pub type Enter<'e, 'a> = dyn FnMut(&Message<'a>, &DescriptorProto<'a>, usize) -> bool + 'e;

impl<'a> Schema<'a> {
    /// Adds a file without its elements.
    pub fn add_bare_file(&mut self, descriptor: FileDescriptorProto<'a>) {
        let features = features::of_file(&descriptor);
        let (message, enumeration) = (self.messages.len(), self.enums.len());
        let (service, extension) = (self.services.len(), self.extensions.len());
        self.file_names.entry(descriptor.name()).or_insert(self.files.len());
        self.files.push(FileContents {
            descriptor,
            features,
            messages: message..message,
            enums: enumeration..enumeration,
            services: service..service,
            extensions: extension..extension,
            top_messages: Vec::new(),
            top_enums: enumeration..enumeration,
        });
    }

    /// Adds a file and its elements, except the children of messages that `enter` rejects.
    pub fn add_file(&mut self, mut descriptor: FileDescriptorProto<'a>, enter: &mut Enter<'_, 'a>) {
        let (messages, enums) = (take(&mut descriptor.message_type), take(&mut descriptor.enum_type));
        let (services, extensions) = (take(&mut descriptor.service), take(&mut descriptor.extension));
        let file = self.files.len();
        self.add_bare_file(descriptor);
        let added = &self.files[file];
        let parent = Parent {
            file,
            path: Path::default(),
            full_name: full_name::scope(added.descriptor.package()),
            features: added.features,
            is_deprecated: added.descriptor.is_deprecated(),
            message: None,
            level: 0,
        };
        self.add_extensions(extensions, &parent, |index| Path::file(Step::Extension, index));
        self.add_enums(enums, &parent, |index| Path::file(Step::Enum, index));
        self.files[file].top_enums.end = self.enums.len();
        for (index, service) in services.into_iter().enumerate() {
            self.add_service(service, &parent, Path::file(Step::Service, index));
        }
        for (index, message) in messages.into_iter().enumerate() {
            let message = self.add_message(message, &parent, Path::file(Step::Message, index), enter);
            self.files[file].top_messages.push(message);
        }
        let added = &mut self.files[file];
        added.messages.end = self.messages.len();
        added.enums.end = self.enums.len();
        added.services.end = self.services.len();
        added.extensions.end = self.extensions.len();
    }

    /// Makes an element known by its full name.
    pub fn add_name(&mut self, symbol: Symbol) {
        let full_name = self.place(symbol).full_name.clone();
        self.names.insert(full_name, symbol);
    }

    fn add_message(
        &mut self,
        mut descriptor: DescriptorProto<'a>,
        parent: &Parent,
        path: Path,
        enter: &mut Enter<'_, 'a>,
    ) -> MessageId {
        let inner = DescriptorProto {
            nested_type: take(&mut descriptor.nested_type),
            enum_type: take(&mut descriptor.enum_type),
            extension: take(&mut descriptor.extension),
            ..DescriptorProto::default()
        };
        let id = self.messages.len();
        let message = Message {
            at: parent.place(path, descriptor.name()),
            features: parent.features.merge(descriptor.features()),
            is_map_entry: descriptor.is_map_entry(),
            is_deprecated: parent.is_deprecated || descriptor.is_deprecated(),
            parent: parent.message,
            nested: Vec::new(),
            enums: 0..0,
            extensions: 0..0,
            first_field: 0,
            descriptor,
        };
        let is_entered = enter(&message, &inner, parent.level);
        let parent = Parent {
            path: message.at.path.clone(),
            full_name: message.at.full_name.clone(),
            features: message.features,
            message: Some(id),
            level: parent.level + 1,
            ..*parent
        };
        self.messages.push(message);
        if is_entered {
            self.add_nested(id, inner, &parent, enter);
        }
        id
    }

    fn add_nested(&mut self, id: MessageId, inner: DescriptorProto<'a>, parent: &Parent, enter: &mut Enter<'_, 'a>) {
        let (extension, enumeration) = (self.extensions.len(), self.enums.len());
        self.add_extensions(inner.extension, parent, |index| parent.path.in_message(MessageStep::Extension, index));
        self.add_enums(inner.enum_type, parent, |index| parent.path.in_message(MessageStep::Enum, index));
        self.messages[id].extensions = extension..self.extensions.len();
        self.messages[id].enums = enumeration..self.enums.len();
        for (index, nested) in inner.nested_type.into_iter().enumerate() {
            let path = parent.path.in_message(MessageStep::Nested, index);
            let nested = self.add_message(nested, parent, path, enter);
            self.messages[id].nested.push(nested);
        }
    }

    fn add_enums(&mut self, enums: Vec<EnumDescriptorProto<'a>>, parent: &Parent, path: impl Fn(usize) -> Path) {
        self.enums.extend(enums.into_iter().enumerate().map(|(index, descriptor)| Enum {
            at: parent.place(path(index), descriptor.name()),
            features: parent.features.merge(descriptor.features()),
            is_deprecated: parent.is_deprecated || descriptor.is_deprecated(),
            parent: parent.message,
            descriptor,
        }));
    }

    fn add_extensions(
        &mut self,
        extensions: Vec<FieldDescriptorProto<'a>>,
        parent: &Parent,
        path: impl Fn(usize) -> Path,
    ) {
        self.extensions.extend(extensions.into_iter().enumerate().map(|(index, descriptor)| Extension {
            at: parent.place(path(index), descriptor.name()),
            features: features::of_field(&descriptor, parent.features),
            descriptor,
        }));
    }

    fn add_service(&mut self, descriptor: ServiceDescriptorProto<'a>, parent: &Parent, path: Path) {
        self.services.push(Service { at: parent.place(path, descriptor.name()), descriptor });
    }
}
