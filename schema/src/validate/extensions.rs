//! Validates extensions.

use std::collections::hash_map::Entry;

use super::defaults::Defaults;
use super::fields;
use super::imports::Imports;
use super::symbols::Symbols;
use super::unresolved::{InnermostScope, unresolved};
use super::violation::{Violation, name_violation};
use crate::Errors;
use crate::descriptor::{FieldDescriptorProto, Label, Type};
use crate::interval::{Interval, Intervals};
use crate::names::Names;
use crate::schema::{Extension, FileContents, Message, Place, Symbol};
use crate::wire::MAX_NUMBER;

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, imports: Imports, errors: &mut Errors) {
    let schema = &symbols.schema;
    let mut numbers = Names::default();
    let mut defaults = Defaults::default();
    let mut declared = ExtensionNumbers::default();
    for index in file.extensions.clone() {
        let Extension { descriptor, at, .. } = &schema.extensions[index];
        let target = descriptor.extendee.and_then(|name| schema.resolve(name));
        let message = match target {
            Some(Symbol::Message(message)) => Some(&schema.messages[message]),
            _ => None,
        };
        let field = schema.extension(index);
        let violations = [
            name_violation(descriptor.name),
            number_violation(descriptor, message, &mut declared),
            repetition_violation(symbols, &mut numbers, descriptor, at),
            fields::label_violation(descriptor, file),
            member_violation(descriptor, message, file),
            fields::json_name_violation(descriptor),
            extendee_violation(symbols, descriptor, target, message, at, imports),
            fields::type_violation(symbols, imports, &field, None, InnermostScope::around(at), file),
            defaults.violation(symbols, &field, file),
        ];
        for violation in violations.into_iter().flatten() {
            errors
                .push(violation.at(symbols.position(at), &format!("extension `{}`", at.display_name().escape_debug())));
        }
    }
}

/// Reports extensions whose full name is also that of a type or another extension, in any file.
pub(super) fn repetitions(symbols: &Symbols, errors: &mut Errors) {
    let mut names = Names::default();
    for Extension { at, .. } in &symbols.schema.extensions {
        let (noun, other) = match (symbols.schema.resolve(&at.full_name), names.entry(&*at.full_name)) {
            (Some(symbol), _) => (symbol.noun(), symbols.schema.place(symbol)),
            (None, Entry::Occupied(first)) => ("extension", *first.get()),
            (None, Entry::Vacant(entry)) => {
                entry.insert(at);
                continue;
            }
        };
        let violation = Violation::new(format!("has the same full name as the {noun} at {}", symbols.position(other)))
            .help("rename one of them, or pass only one of the files");
        errors.push(violation.at(symbols.position(at), &format!("extension `{}`", at.display_name().escape_debug())));
    }
}

/// The extension numbers of the messages that have been looked up so far, by full name.
type ExtensionNumbers<'a> = Names<&'a str, Intervals<()>>;

/// Checks the number of an extension. In a message set it is a type ID, which may exceed the highest field number.
fn number_violation<'a>(
    extension: &FieldDescriptorProto,
    message: Option<&'a Message>,
    declared: &mut ExtensionNumbers<'a>,
) -> Option<Violation> {
    let is_item = message.is_some_and(|message| message.descriptor.is_message_set());
    let last = if is_item { i32::MAX } else { MAX_NUMBER };
    match extension.number {
        None => Some(Violation::new("has no number")),
        Some(number) if fields::RESERVED.contains(&number) => Some(fields::reserved_violation(number)),
        Some(number) if number < 1 || number > last => {
            Some(Violation::new(format!("has the number {number}")).help(format!("choose one from 1 to {last}")))
        }
        Some(number) => {
            let message = message.filter(|message| !message.is_map_entry)?;
            let ranges = message.descriptor.extension_range.iter().map(|declared| declared.range);
            let ranges = ranges.map(|range| (Interval::half_open(range.start, range.end), ()));
            let numbers = declared.entry(&message.at.full_name).or_insert_with(|| Intervals::new(ranges));
            let name = message.at.display_name();
            numbers.containing(number).is_none().then(|| {
                Violation::new(format!(
                    "has the number {number}, which `{name}` does not declare as an extension number"
                ))
                .help(format!("declare it in `{name}`: `extensions {number};`"))
            })
        }
    }
}

/// Refuses properties that only fields can have, and items of message sets that are not optional messages.
fn member_violation(
    extension: &FieldDescriptorProto,
    message: Option<&Message>,
    file: &FileContents<'_>,
) -> Option<Violation> {
    let is_set = message.is_some_and(|message| message.descriptor.is_message_set());
    let is_item = extension.label() == Label::Optional && extension.r#type() == Type::Message;
    if extension.oneof_index.is_some() {
        Some(Violation::new("is in a oneof, which extensions cannot be"))
    } else if extension.proto3_optional && file.descriptor.syntax() != "proto3" {
        Some(Violation::new("is `proto3_optional`, but the file is not proto3"))
    } else if extension.label() == Label::Required {
        Some(Violation::new("is required, which extensions cannot be"))
    } else if is_set && !is_item {
        Some(Violation::new("extends a message set, but is not an optional message"))
    } else {
        None
    }
}

/// Reports an extension number that is used twice in a file. About one that two files use, protoc only warns.
fn repetition_violation<'s>(
    symbols: &'s Symbols,
    numbers: &mut Names<(&'s str, i32), &'s Place>,
    extension: &FieldDescriptorProto<'s>,
    at: &'s Place,
) -> Option<Violation> {
    match numbers.entry((extension.extendee?, extension.number?)) {
        Entry::Vacant(entry) => {
            entry.insert(at);
            None
        }
        Entry::Occupied(first) => {
            let (name, position) = (first.get().display_name(), symbols.position(first.get()));
            let violation = Violation::new(format!("has the same number as extension `{name}` at {position}"));
            Some(violation.help("give one of them another number"))
        }
    }
}

fn extendee_violation(
    symbols: &Symbols,
    extension: &FieldDescriptorProto,
    target: Option<Symbol>,
    message: Option<&Message>,
    at: &Place,
    imports: Imports,
) -> Option<Violation> {
    let Some(name) = extension.extendee else { return Some(Violation::new("has no extendee")) };
    match (target, message) {
        (_, Some(message)) if message.is_map_entry => {
            Some(Violation::new(format!("extends the map entry `{}`", message.at.display_name())))
        }
        (Some(Symbol::Message(_)), _) => None,
        (Some(symbol), _) => Some(Violation::new(format!("extends the {} `{name}`", symbol.noun()))),
        // A set may contain custom options without descriptor.proto: no code is generated for them.
        (None, _) if name.starts_with(".google.protobuf.") => None,
        (None, _) => unresolved(symbols, name, InnermostScope::around(at), imports),
    }
}
