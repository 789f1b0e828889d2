//! The symbol table: types and services by full name. Reports names that are invalid or taken.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::OnceLock;

use super::files;
use super::violation::{NESTING_LIMIT, Violation, name_violation};
use super::visible::Visible;
use crate::descriptor::{DescriptorProto, FileDescriptorProto};
use crate::schema::{Enum, Message, Place, Schema, Symbol};
use crate::source::{MessageStep, Path, Source};
use crate::{Diagnostic, Errors, Position, full_name};

#[derive(Default)]
pub(super) struct Symbols<'a> {
    /// The files and their elements, without files of the same name as an earlier one.
    pub(super) schema: Schema<'a>,
    /// The source info of each file.
    sources: Vec<Source<'a>>,
    /// Every package and every prefix of one, with a file in it.
    packages: HashMap<&'a str, usize>,
    /// The names that are visible in each file, which only errors need.
    visible: Vec<OnceLock<Visible<'a>>>,
}

impl<'a> Symbols<'a> {
    pub(super) fn new(files: Vec<FileDescriptorProto<'a>>, errors: &mut Errors) -> Self {
        let mut symbols = Self::default();
        for file in files {
            symbols.add_file(file, errors);
        }
        for file in 0..symbols.sources.len() {
            symbols.add_package(file);
        }
        symbols.name_elements(errors);
        symbols.schema.resolve_fields();
        symbols.visible.resize_with(symbols.schema.files.len(), OnceLock::new);
        symbols
    }

    pub(super) fn visible(&self, file: usize) -> &Visible<'a> {
        self.visible[file].get_or_init(|| Visible::in_file(&self.schema, file))
    }

    pub(super) fn position(&self, place: &Place) -> Position {
        self.position_of(place, &place.path)
    }

    /// Returns the position of a path in the file of `place`.
    pub(super) fn position_of(&self, place: &Place, path: &Path) -> Position {
        self.sources[place.file].position(path)
    }

    /// Returns the error for a message.
    pub(super) fn message_error(&self, message: &Message<'_>, violation: Violation) -> Diagnostic {
        violation.at(self.position(&message.at), &format!("message `{}`", message.at.display_name()))
    }

    pub(super) fn field_position(&self, message: &Message<'_>, index: usize) -> Position {
        self.position_of(&message.at, &message.at.path.in_message(MessageStep::Field, index))
    }

    /// Returns the error for a field of a message.
    pub(super) fn field_error(&self, message: &Message<'_>, index: usize, violation: Violation) -> Diagnostic {
        let name = message.descriptor.field[index].name().escape_debug();
        let shown = format!("field `{}.{name}`", message.at.display_name());
        violation.at(self.field_position(message, index), &shown)
    }

    pub(super) fn value_position(&self, enum_: &Enum<'_>, index: usize) -> Position {
        self.position_of(&enum_.at, &enum_.at.path.value(index))
    }

    /// Returns the error for a value of an enum.
    pub(super) fn value_error(&self, enum_: &Enum<'_>, index: usize, violation: Violation) -> Diagnostic {
        let name = enum_.descriptor.value[index].name().escape_debug();
        let shown = format!("value `{name}` of enum `{}`", enum_.at.display_name());
        violation.at(self.value_position(enum_, index), &shown)
    }

    fn add_file(&mut self, descriptor: FileDescriptorProto<'a>, errors: &mut Errors) {
        let source = Source::new(&descriptor);
        files::check(&descriptor, &source, errors);
        match self.schema.file_named(descriptor.name()) {
            None => {
                if descriptor.package().len() <= full_name::PACKAGE_LENGTH {
                    self.schema.add_file(descriptor, &mut |message, inner, level| {
                        is_entered(message, inner, level, &source, errors)
                    });
                } else {
                    self.schema.add_bare_file(descriptor);
                }
                self.sources.push(source);
            }
            Some(_) if descriptor.name().is_empty() => {}
            Some(_) => {
                errors.push(Diagnostic::at(files::start(&descriptor), "the file is in the descriptor set twice"));
            }
        }
    }

    fn add_package(&mut self, file: usize) {
        let package = self.schema.files[file].descriptor.package;
        let mut prefix = package.filter(|name| name.len() <= full_name::PACKAGE_LENGTH);
        while let Some(name) = prefix
            && let Entry::Vacant(entry) = self.packages.entry(name)
        {
            entry.insert(file);
            prefix = name.rsplit_once('.').map(|(prefix, _)| prefix);
        }
    }

    fn name_elements(&mut self, errors: &mut Errors) {
        for index in 0..self.schema.messages.len() {
            let name = self.schema.messages[index].descriptor.name;
            self.name_element(name, Symbol::Message(index), errors);
        }
        for index in 0..self.schema.enums.len() {
            let name = self.schema.enums[index].descriptor.name;
            self.name_element(name, Symbol::Enum(index), errors);
        }
        for index in 0..self.schema.services.len() {
            let name = self.schema.services[index].descriptor.name;
            self.name_element(name, Symbol::Service(index), errors);
        }
    }

    fn name_element(&mut self, name: Option<&str>, symbol: Symbol, errors: &mut Errors) {
        let place = self.schema.place(symbol);
        let (noun, shown) = (symbol.noun(), place.display_name());
        if let Some(violation) = name_violation(name) {
            errors.push(violation.at(self.position(place), &format!("{noun} `{}`", shown.escape_debug())));
            return;
        }
        if place.full_name.len() > full_name::LIMIT {
            let violation = Violation::new(format!("has a full name of more than {} bytes", full_name::LIMIT));
            errors.push(violation.at(self.position(place), &format!("{noun} `{shown}`")));
            return;
        }
        if let Some(&file) = self.packages.get(shown) {
            let other = self.sources[file].position(&Path::package());
            let violation =
                Violation::new(format!("has the same full name as the package at {other}")).help("rename one of them");
            errors.push(violation.at(self.position(place), &format!("{noun} `{shown}`")));
        }
        if let Some(first) = self.schema.resolve(&place.full_name) {
            let other = self.schema.place(first);
            let other_noun = first.noun();
            let violation =
                Violation::new(format!("has the same full name as the {other_noun} at {}", self.position(other)))
                    .help("rename one of them, or pass only one of the files");
            errors.push(violation.at(self.position(place), &format!("{noun} `{shown}`")));
            return;
        }
        self.schema.add_name(symbol);
    }
}

/// Returns whether to add the children of a message; reports a message whose children nest too deep.
fn is_entered(
    message: &Message<'_>,
    inner: &DescriptorProto<'_>,
    level: usize,
    source: &Source<'_>,
    errors: &mut Errors,
) -> bool {
    if message.at.full_name.len() > full_name::LIMIT {
        return false;
    }
    let is_too_deep = level + 1 == NESTING_LIMIT && !inner.nested_type.is_empty();
    if is_too_deep {
        let violation = Violation::new(format!("has messages nested more than {NESTING_LIMIT} levels deep"))
            .help("move some of them to the top level");
        errors
            .push(violation.at(source.position(&message.at.path), &format!("message `{}`", message.at.display_name())));
    }
    !is_too_deep
}
