//! The table of names: files go in, every type and service by its full name comes out; a bad or taken name is an error.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::files::File;
use super::{Fault, NESTING_LIMIT, name_fault};
use crate::descriptor::google::protobuf::FileDescriptorProto;
use crate::full_name;
use crate::schema::{Message, MessageId, Place, Schema, Symbol};
use crate::source::Path;
use rgrpc_schema::{Diagnostic, Errors, Position};

#[derive(Default)]
pub(super) struct Symbols<'a> {
    /// The files whose names differ, and all that is in them.
    pub(super) schema: Schema<'a>,
    /// The same files.
    pub(super) files: Vec<File<'a>>,
    pub(super) file_index: HashMap<&'a str, usize>,
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
        let mut next = 0;
        while next < symbols.schema.messages.len() {
            symbols.add_nested(next, errors);
            next += 1;
        }
        symbols.name_elements(errors);
        symbols
    }

    pub(super) fn position(&self, place: &Place) -> Position {
        self.position_of(place, &place.path)
    }

    /// The position of an element below `place`.
    pub(super) fn position_of(&self, place: &Place, path: &Path) -> Position {
        self.files[place.file].position(path)
    }

    fn add_file(&mut self, descriptor: &'a FileDescriptorProto, errors: &mut Errors) {
        let file = File::new(descriptor);
        file.check(errors);
        match self.file_index.entry(descriptor.name()) {
            Entry::Vacant(entry) => {
                entry.insert(self.files.len());
                self.files.push(file);
                if descriptor.package().len() <= full_name::LIMIT {
                    self.schema.add_file(descriptor);
                } else {
                    self.schema.add_bare_file(descriptor);
                }
            }
            Entry::Occupied(_) if descriptor.name().is_empty() => {}
            Entry::Occupied(_) => errors.push(Diagnostic::at(file.start(), "the file is in the descriptor set twice")),
        }
    }

    fn add_package(&mut self, file: usize) {
        let mut prefix = self.files[file].descriptor.package.as_deref().filter(|name| name.len() <= full_name::LIMIT);
        while let Some(name) = prefix
            && let Entry::Vacant(entry) = self.packages.entry(name)
        {
            entry.insert(file);
            prefix = name.rsplit_once('.').map(|(prefix, _)| prefix);
        }
    }

    fn add_nested(&mut self, parent: MessageId, errors: &mut Errors) {
        let Message { descriptor, ref at, level, .. } = self.schema.messages[parent];
        if at.full_name.len() > full_name::LIMIT {
            return;
        }
        if level == NESTING_LIMIT && !descriptor.nested_type.is_empty() {
            let fault = Fault::new(format!("has messages in it at more than {NESTING_LIMIT} levels"))
                .help("move some of them to the top level");
            errors.push(fault.at(self.position(at), &format!("message `{}`", at.shown())));
            return;
        }
        self.schema.add_nested(parent);
    }

    fn name_elements(&mut self, errors: &mut Errors) {
        for index in 0..self.schema.messages.len() {
            let name = self.schema.messages[index].descriptor.name.as_deref();
            self.name_element(name, Symbol::Message(index), errors);
        }
        for index in 0..self.schema.enums.len() {
            let name = self.schema.enums[index].descriptor.name.as_deref();
            self.name_element(name, Symbol::Enum(index), errors);
        }
        for index in 0..self.schema.services.len() {
            let name = self.schema.services[index].descriptor.name.as_deref();
            self.name_element(name, Symbol::Service(index), errors);
        }
    }

    fn name_element(&mut self, name: Option<&str>, symbol: Symbol, errors: &mut Errors) {
        let place = self.schema.place(symbol);
        let (noun, shown) = (symbol.noun(), place.shown());
        if let Some(fault) = name_fault(name) {
            errors.push(fault.at(self.position(place), &format!("{noun} `{}`", shown.escape_debug())));
            return;
        }
        if place.full_name.len() > full_name::LIMIT {
            let fault = Fault::new(format!("has a full name of more than {} bytes", full_name::LIMIT));
            errors.push(fault.at(self.position(place), &format!("{noun} `{shown}`")));
            return;
        }
        if let Some(&file) = self.packages.get(shown) {
            let other = self.files[file].position(&Path::package());
            let fault =
                Fault::new(format!("has the full name of a package, that of {other}")).help("rename one of them");
            errors.push(fault.at(self.position(place), &format!("{noun} `{shown}`")));
        }
        if let Some(first) = self.schema.resolve(&place.full_name) {
            let other = self.schema.place(first);
            let other_noun = first.noun();
            let fault = Fault::new(format!("has the full name of the {other_noun} at {}", self.position(other)))
                .help("rename one of them, or pass only one of the files");
            errors.push(fault.at(self.position(place), &format!("{noun} `{shown}`")));
            return;
        }
        self.schema.add_name(symbol);
    }
}
