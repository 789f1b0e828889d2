//! Numbers the elements of a file, and indexes their names.

use std::collections::HashMap;

use crate::file::{
    EnumDecl, EnumValueDecl, ExtensionRangeDecl, FieldDecl, File, MessageDecl, MethodDecl, OneofDecl, OptionsDecl,
    ServiceDecl, Span,
};
use crate::interval::{Interval, Intervals};
use crate::names::Names;

/// An element of a file, or the file itself.
#[derive(Debug, Clone, Copy)]
pub(super) enum Element<'a> {
    File(&'a File),
    Message(&'a MessageDecl, Members),
    Field(&'a FieldDecl),
    Extension(&'a FieldDecl),
    Oneof(&'a OneofDecl),
    Enum(&'a EnumDecl),
    Value(&'a EnumValueDecl),
    Range(&'a ExtensionRangeDecl),
    Service(&'a ServiceDecl),
    Method(&'a MethodDecl),
}

/// The IDs of the first member of a message of each kind.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Members {
    pub enums: u32,
    pub oneofs: u32,
    pub fields: u32,
    pub messages: u32,
    pub extensions: u32,
    pub ranges: u32,
}

/// An element with its place in the file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Entry<'a> {
    pub element: Element<'a>,
    /// The ID of the parent; the file is its own parent.
    pub parent: u32,
    /// The index among the parent's elements of the same kind: 1 for the second message.
    pub position: u32,
    /// The ID after that of the last descendant.
    pub end: u32,
}

/// The ID of the file itself.
pub(super) const FILE: u32 = 0;

/// The elements of a file. Their IDs are indices of `entries`: the file comes first, and every element before its descendants.
///
/// The order is that in which protoc visits them: in a message enums, oneofs, fields, messages, extensions and extension ranges.
pub(super) struct Elements<'a> {
    /// The index of the file.
    pub index: u32,
    pub file: &'a File,
    pub entries: Vec<Entry<'a>>,
    /// The IDs in the order in which protoc adds the elements to its symbol table.
    pub declared: Vec<u32>,
    /// The named elements by scope and name. Enum values are in the scope of their enum, as in C++.
    pub names: Names<(u32, &'a str), u32>,
    /// The elements whose name is already taken, each with the element that has it, in the order of `declared`.
    pub clashes: Vec<(u32, u32)>,
    /// The fields by message and number; of several with the same number, the first.
    pub numbers: HashMap<(u32, i32), u32>,
    /// The extension ranges of each message that has any, with their indices.
    pub ranges: HashMap<u32, Intervals<usize>>,
}

impl<'a> Elements<'a> {
    pub fn new(index: u32, file: &'a File) -> Self {
        let mut elements = Self {
            index,
            file,
            entries: Vec::new(),
            declared: Vec::new(),
            names: Names::default(),
            clashes: Vec::new(),
            numbers: HashMap::new(),
            ranges: HashMap::new(),
        };
        elements.push(Element::File(file), FILE, 0);
        for (index, message) in file.messages.iter().enumerate() {
            elements.message(message, FILE, index);
        }
        for (index, item) in file.enums.iter().enumerate() {
            elements.enumeration(item, FILE, index);
        }
        elements.all(&file.extensions, FILE, Element::Extension);
        for (index, service) in file.services.iter().enumerate() {
            let id = elements.push(Element::Service(service), FILE, index);
            elements.all(&service.methods, id, Element::Method);
            elements.close(id);
        }
        elements.close(FILE);
        elements.declare();
        elements
    }

    pub fn entry(&self, id: u32) -> &Entry<'a> {
        &self.entries[id as usize]
    }

    /// Returns the options of each element before any is interpreted: those of a decoded file.
    pub fn decoded_options(&self) -> Vec<Vec<u8>> {
        self.entries.iter().map(|entry| entry.options().bytes.clone().unwrap_or_default()).collect()
    }

    /// Returns the messages that are nested in a message, or at the top level of the file.
    pub fn messages(&self, parent: u32) -> impl Iterator<Item = u32> {
        let (first, count) = match self.entry(parent).element {
            Element::Message(message, members) => (members.messages, message.messages.len()),
            Element::File(file) => (1, file.messages.len()),
            _ => (0, 0),
        };
        std::iter::successors(Some(first), |&id| Some(self.entry(id).end)).take(count)
    }

    fn message(&mut self, message: &'a MessageDecl, parent: u32, index: usize) {
        let id = self.push(Element::Message(message, Members::default()), parent, index);
        let enums = self.next();
        for (index, item) in message.enums.iter().enumerate() {
            self.enumeration(item, id, index);
        }
        let oneofs = self.all(&message.oneofs, id, Element::Oneof);
        let fields = self.all(&message.fields, id, Element::Field);
        for (field, declared) in (fields..).zip(&message.fields) {
            self.numbers.entry((id, declared.number.value)).or_insert(field);
        }
        let messages = self.next();
        for (index, nested) in message.messages.iter().enumerate() {
            self.message(nested, id, index);
        }
        let extensions = self.all(&message.extensions, id, Element::Extension);
        let ranges = self.all(&message.extension_ranges, id, Element::Range);
        let members = Members { enums, oneofs, fields, messages, extensions, ranges };
        self.entries[id as usize].element = Element::Message(message, members);
        if !message.extension_ranges.is_empty() {
            let ranges = message.extension_ranges.iter().map(|declared| declared.range).enumerate();
            let ranges = ranges.map(|(index, range)| (Interval::half_open(range.start.value, range.end.value), index));
            self.ranges.insert(id, Intervals::new(ranges));
        }
        self.close(id);
    }

    fn enumeration(&mut self, item: &'a EnumDecl, parent: u32, index: usize) {
        let id = self.push(Element::Enum(item), parent, index);
        self.all(&item.values, id, Element::Value);
        self.close(id);
    }

    fn all<T>(&mut self, items: &'a [T], parent: u32, element: impl Fn(&'a T) -> Element<'a>) -> u32 {
        let first = self.next();
        for (index, item) in items.iter().enumerate() {
            self.push(element(item), parent, index);
        }
        first
    }

    fn push(&mut self, element: Element<'a>, parent: u32, index: usize) -> u32 {
        let id = self.next();
        self.entries.push(Entry { element, parent, position: as_u32(index), end: id + 1 });
        id
    }

    fn close(&mut self, id: u32) {
        self.entries[id as usize].end = self.next();
    }

    fn next(&self) -> u32 {
        as_u32(self.entries.len())
    }

    fn declare(&mut self) {
        self.declared.reserve(self.entries.len());
        self.names.reserve(self.entries.len());
        let mut at = 1;
        while at < self.next() {
            at = self.declare_one(at);
        }
        self.declared.push(FILE);
    }

    /// Declares an element and its descendants; returns the ID after them.
    fn declare_one(&mut self, id: u32) -> u32 {
        let Entry { element, parent, end, .. } = *self.entry(id);
        match element {
            Element::Message(message, members) => {
                self.declare_all(members.oneofs, members.oneofs + as_u32(message.oneofs.len()));
                self.declare_all(members.fields, members.fields + as_u32(message.fields.len()));
                self.declare_all(members.enums, members.oneofs);
                self.declare_all(members.ranges, end);
                self.declare_all(members.extensions, members.ranges);
                self.declared.push(id);
                self.declare_all(members.messages, members.extensions);
                self.name(parent, id);
            }
            Element::Enum(_) => {
                for value in id + 1..end {
                    self.declared.push(value);
                    self.name(parent, value);
                }
                self.declared.push(id);
                self.name(parent, id);
            }
            Element::Service(_) => {
                self.declare_all(id + 1, end);
                self.declared.push(id);
                self.name(parent, id);
            }
            Element::Range(_) | Element::File(_) => self.declared.push(id),
            _ => {
                self.declared.push(id);
                self.name(parent, id);
            }
        }
        end
    }

    fn declare_all(&mut self, first: u32, end: u32) {
        let mut at = first;
        while at < end {
            at = self.declare_one(at);
        }
    }

    fn name(&mut self, scope: u32, id: u32) {
        let taken = *self.names.entry((scope, self.entry(id).name())).or_insert(id);
        if taken != id {
            self.clashes.push((id, taken));
        }
    }
}

impl Element<'_> {
    /// Names the kind of the element in an error: `a service`.
    pub fn noun(self) -> &'static str {
        match self {
            Self::File(_) => "a file",
            Self::Message(..) => "a message",
            Self::Field(_) => "a field",
            Self::Extension(_) => "an extension",
            Self::Oneof(_) => "a oneof",
            Self::Enum(_) => "an enum",
            Self::Value(_) => "an enum value",
            Self::Range(_) => "an extension range",
            Self::Service(_) => "a service",
            Self::Method(_) => "a method",
        }
    }
}

impl<'a> Entry<'a> {
    /// The name, without package and parents; that of a file is its package.
    pub fn name(&self) -> &'a str {
        match self.element {
            Element::File(file) => file.package.as_ref().map_or("", |package| &package.value),
            Element::Message(message, _) => &message.name.value,
            Element::Field(field) | Element::Extension(field) => &field.name.value,
            Element::Oneof(oneof) => &oneof.name.value,
            Element::Enum(item) => &item.name.value,
            Element::Value(value) => &value.name.value,
            Element::Range(_) => "",
            Element::Service(service) => &service.name.value,
            Element::Method(method) => &method.name.value,
        }
    }

    /// Where the name is written; for a range, its first number.
    pub fn span(&self) -> Span {
        match self.element {
            Element::File(file) => file.package.as_ref().map(|package| package.span).unwrap_or_default(),
            Element::Message(message, _) => message.name.span,
            Element::Field(field) | Element::Extension(field) => field.name.span,
            Element::Oneof(oneof) => oneof.name.span,
            Element::Enum(item) => item.name.span,
            Element::Value(value) => value.name.span,
            Element::Range(range) => range.range.start.span,
            Element::Service(service) => service.name.span,
            Element::Method(method) => method.name.span,
        }
    }

    pub fn options(&self) -> &'a OptionsDecl {
        match self.element {
            Element::File(file) => &file.options,
            Element::Message(message, _) => &message.options,
            Element::Field(field) | Element::Extension(field) => &field.options,
            Element::Oneof(oneof) => &oneof.options,
            Element::Enum(item) => &item.options,
            Element::Value(value) => &value.options,
            Element::Range(range) => &range.options,
            Element::Service(service) => &service.options,
            Element::Method(method) => &method.options,
        }
    }

    pub fn field(&self) -> Option<&'a FieldDecl> {
        if let Element::Field(field) | Element::Extension(field) = self.element { Some(field) } else { None }
    }

    pub fn message(&self) -> Option<&'a MessageDecl> {
        if let Element::Message(message, _) = self.element { Some(message) } else { None }
    }
}

/// Converts an index, which fits because files are smaller than 4 GiB.
pub(super) fn as_u32(index: usize) -> u32 {
    index.try_into().unwrap_or(u32::MAX)
}
