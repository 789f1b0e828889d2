//! The table of names: files go in, every type and service by its full name comes out; a bad or taken name is an error.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::files::File;
use super::{FULL_NAME_LIMIT, Fault, NESTING_LIMIT, name_fault};
use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FileDescriptorProto, ServiceDescriptorProto,
};
use crate::source::{MessageStep, Path, Step};
use crate::{elements, full_name};
use rgrpc_schema::{Diagnostic, Errors, Position};

pub(super) struct Message<'a> {
    pub(super) descriptor: &'a DescriptorProto,
    pub(super) at: Place,
    /// The index of the message around it.
    pub(super) parent: Option<usize>,
    level: usize,
}

pub(super) struct Enum<'a> {
    pub(super) descriptor: &'a EnumDescriptorProto,
    pub(super) at: Place,
}

pub(super) struct Service<'a> {
    pub(super) descriptor: &'a ServiceDescriptorProto,
    pub(super) at: Place,
}

/// Where an element is, and what it is called there.
pub(super) struct Place {
    file: usize,
    pub(super) path: Path,
    /// `.demo.v1.Book`
    pub(super) full_name: String,
}

/// What a full name stands for: an index into the list of that kind.
#[derive(Clone, Copy)]
pub(super) enum Symbol {
    Message(usize),
    Enum(usize),
    Service(usize),
}

#[derive(Default)]
pub(super) struct Symbols<'a> {
    /// The files whose names differ, and the index of each.
    pub(super) files: Vec<File<'a>>,
    pub(super) file_index: HashMap<&'a str, usize>,
    /// A message comes after the one around it.
    pub(super) messages: Vec<Message<'a>>,
    pub(super) enums: Vec<Enum<'a>>,
    pub(super) services: Vec<Service<'a>>,
    names: HashMap<String, Symbol>,
    /// Every package and every prefix of one, with a file that has it.
    packages: HashMap<&'a str, usize>,
}

impl<'a> Symbols<'a> {
    pub(super) fn new(files: &[&'a FileDescriptorProto], errors: &mut Errors) -> Self {
        let mut symbols = Self::default();
        for file in files {
            symbols.add_file(file, errors);
        }
        for file in 0..symbols.files.len() {
            symbols.add_package(file);
        }
        for file in 0..symbols.files.len() {
            symbols.add_file_elements(file);
        }
        let mut next = 0;
        while next < symbols.messages.len() {
            symbols.add_nested(next, errors);
            next += 1;
        }
        symbols.name_elements(errors);
        symbols
    }

    pub(super) fn resolve(&self, full_name: &str) -> Option<Symbol> {
        self.names.get(full_name).copied()
    }

    /// The message that `full_name` stands for, if it is one.
    pub(super) fn message(&self, full_name: &str) -> Option<usize> {
        match self.resolve(full_name)? {
            Symbol::Message(index) => Some(index),
            Symbol::Enum(_) | Symbol::Service(_) => None,
        }
    }

    pub(super) fn file_of(&self, place: &Place) -> &'a FileDescriptorProto {
        self.files[place.file].descriptor
    }

    pub(super) fn position(&self, place: &Place) -> Position {
        self.position_of(place, &place.path)
    }

    /// The position of an element below `place`.
    pub(super) fn position_of(&self, place: &Place, path: &Path) -> Position {
        self.files[place.file].position(path)
    }

    fn place(&self, symbol: Symbol) -> &Place {
        match symbol {
            Symbol::Message(index) => &self.messages[index].at,
            Symbol::Enum(index) => &self.enums[index].at,
            Symbol::Service(index) => &self.services[index].at,
        }
    }

    fn add_file(&mut self, descriptor: &'a FileDescriptorProto, errors: &mut Errors) {
        let file = File::new(descriptor);
        file.check(errors);
        match self.file_index.entry(descriptor.name()) {
            Entry::Vacant(entry) => {
                entry.insert(self.files.len());
                self.files.push(file);
            }
            Entry::Occupied(_) if descriptor.name().is_empty() => {}
            Entry::Occupied(_) => errors.push(Diagnostic::at(file.start(), "the file is in the descriptor set twice")),
        }
    }

    fn add_package(&mut self, file: usize) {
        let mut prefix = self.files[file].descriptor.package.as_deref().filter(|name| name.len() <= FULL_NAME_LIMIT);
        while let Some(name) = prefix
            && let Entry::Vacant(entry) = self.packages.entry(name)
        {
            entry.insert(file);
            prefix = name.rsplit_once('.').map(|(prefix, _)| prefix);
        }
    }

    fn add_file_elements(&mut self, file: usize) {
        let descriptor = self.files[file].descriptor;
        let package = descriptor.package();
        if package.len() > FULL_NAME_LIMIT {
            return;
        }
        let scope = full_name::scope(package);
        let place =
            |step, index, name: &str| Place { file, path: Path::file(step, index), full_name: join(&scope, name) };
        self.messages.extend(descriptor.message_type.iter().enumerate().map(|(index, message)| Message {
            descriptor: message,
            at: place(Step::Message, index, message.name()),
            parent: None,
            level: 1,
        }));
        self.enums.extend(
            descriptor
                .enum_type
                .iter()
                .enumerate()
                .map(|(index, enum_)| Enum { descriptor: enum_, at: place(Step::Enum, index, enum_.name()) }),
        );
        self.services.extend(
            descriptor.service.iter().enumerate().map(|(index, service)| Service {
                descriptor: service,
                at: place(Step::Service, index, service.name()),
            }),
        );
    }

    fn add_nested(&mut self, parent: usize, errors: &mut Errors) {
        let Message { descriptor, ref at, level, .. } = self.messages[parent];
        if at.full_name.len() > FULL_NAME_LIMIT {
            return;
        }
        if level == NESTING_LIMIT && !descriptor.nested_type.is_empty() {
            let fault = Fault::new(format!("has messages in it at more than {NESTING_LIMIT} levels"))
                .help("move some of them to the top level");
            errors.push(fault.at(self.position(at), &format!("message `{}`", at.shown())));
            return;
        }
        let place = |step, index, name: &str| Place {
            file: at.file,
            path: at.path.in_message(step, index),
            full_name: join(&at.full_name, name),
        };
        let messages = descriptor.nested_type.iter().enumerate().map(|(index, message)| Message {
            descriptor: message,
            at: place(MessageStep::Nested, index, message.name()),
            parent: Some(parent),
            level: level + 1,
        });
        let messages: Vec<_> = messages.collect();
        let enums = descriptor
            .enum_type
            .iter()
            .enumerate()
            .map(|(index, enum_)| Enum { descriptor: enum_, at: place(MessageStep::Enum, index, enum_.name()) });
        self.enums.extend(enums);
        self.messages.extend(messages);
    }

    fn name_elements(&mut self, errors: &mut Errors) {
        for index in 0..self.messages.len() {
            let name = self.messages[index].descriptor.name.as_deref();
            self.name_element(name, Symbol::Message(index), errors);
        }
        for index in 0..self.enums.len() {
            let name = self.enums[index].descriptor.name.as_deref();
            self.name_element(name, Symbol::Enum(index), errors);
        }
        for index in 0..self.services.len() {
            let name = self.services[index].descriptor.name.as_deref();
            self.name_element(name, Symbol::Service(index), errors);
        }
    }

    fn name_element(&mut self, name: Option<&str>, symbol: Symbol, errors: &mut Errors) {
        let place = self.place(symbol);
        let (noun, shown) = (symbol.noun(), place.shown());
        if let Some(fault) = name_fault(name) {
            errors.push(fault.at(self.position(place), &format!("{noun} `{}`", shown.escape_debug())));
            return;
        }
        if place.full_name.len() > FULL_NAME_LIMIT {
            let fault = Fault::new(format!("has a full name of more than {FULL_NAME_LIMIT} bytes"));
            errors.push(fault.at(self.position(place), &format!("{noun} `{shown}`")));
            return;
        }
        if let Some(&file) = self.packages.get(shown) {
            let other = self.files[file].position(&Path::package());
            let fault =
                Fault::new(format!("has the full name of a package, that of {other}")).help("rename one of them");
            errors.push(fault.at(self.position(place), &format!("{noun} `{shown}`")));
        }
        if let Some(&first) = self.names.get(&place.full_name) {
            let other = self.place(first);
            let other_noun = first.noun();
            let fault = Fault::new(format!("has the full name of the {other_noun} at {}", self.position(other)))
                .help("rename one of them, or pass only one of the files");
            errors.push(fault.at(self.position(place), &format!("{noun} `{shown}`")));
            return;
        }
        let full_name = place.full_name.clone();
        self.names.insert(full_name, symbol);
    }
}

impl Symbol {
    pub(super) fn noun(self) -> &'static str {
        match self {
            Self::Message(_) => "message",
            Self::Enum(_) => "enum",
            Self::Service(_) => "service",
        }
    }
}

impl Message<'_> {
    pub(super) fn is_map_entry(&self) -> bool {
        elements::is_map_entry(self.descriptor)
    }
}

impl Place {
    /// The full name without its dot, for an error.
    pub(super) fn shown(&self) -> &str {
        &self.full_name[1..]
    }
}

/// A name far beyond the limit is cut, so that what is below it does not repeat it.
fn join(scope: &str, name: &str) -> String {
    scope.chars().chain(['.']).chain(name.chars().take(FULL_NAME_LIMIT + 1)).collect()
}
