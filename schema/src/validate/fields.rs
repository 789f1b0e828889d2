//! Validates the fields of messages.

use std::collections::hash_map::Entry;

use super::defaults::Defaults;
use super::imports::Imports;
use super::symbols::Symbols;
use super::unresolved::{InnermostScope, unresolved};
use super::violation::{Violation, name_violation};
use crate::Errors;
use crate::descriptor::{FieldDescriptorProto, Label, Type};
use crate::names::Names;
use crate::schema::{Field, FileContents, Message, MessageId, Symbol};
use crate::wire::MAX_NUMBER;

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, imports: Imports, errors: &mut Errors) {
    let mut defaults = Defaults::default();
    for owner in file.messages.clone() {
        let message = &symbols.schema.messages[owner];
        number_repetitions(symbols, message, errors);
        if message.descriptor.is_message_set() && !message.descriptor.field.is_empty() {
            let violation = Violation::new("is a message set, but has fields");
            errors.push(symbols.message_error(message, violation));
        }
        for (index, descriptor) in message.descriptor.field.iter().enumerate() {
            let field = symbols.schema.field((owner, index));
            let violations = [
                name_violation(descriptor.name),
                number_violation(descriptor),
                label_violation(descriptor, file),
                json_name_violation(descriptor),
                extendee_violation(descriptor),
                type_violation(symbols, imports, &field, Some(owner), InnermostScope::of_members(&message.at), file),
                defaults.violation(symbols, &field, file),
            ];
            for violation in violations.into_iter().flatten() {
                errors.push(symbols.field_error(message, index, violation));
            }
        }
    }
}

/// Reports fields whose number an earlier field has.
fn number_repetitions(symbols: &Symbols, message: &Message, errors: &mut Errors) {
    let mut numbers = Names::default();
    for (index, field) in message.descriptor.field.iter().enumerate() {
        let Some(number) = field.number else { continue };
        match numbers.entry(number) {
            Entry::Occupied(first) => {
                let first: usize = *first.get();
                let (name, position) = (message.descriptor.field[first].name(), symbols.field_position(message, first));
                let name = name.escape_debug();
                let violation = Violation::new(format!("has the same number as field `{name}` at {position}"));
                let violation = violation.help("give one of them another number");
                errors.push(symbols.field_error(message, index, violation));
            }
            Entry::Vacant(entry) => _ = entry.insert(index),
        }
    }
}

fn number_violation(field: &FieldDescriptorProto) -> Option<Violation> {
    match field.number {
        None => Some(Violation::new("has no number")),
        Some(number) if RESERVED.contains(&number) => Some(reserved_violation(number)),
        Some(1..=MAX_NUMBER) => None,
        Some(number) => {
            Some(Violation::new(format!("has the number {number}")).help(format!("choose one from 1 to {MAX_NUMBER}")))
        }
    }
}

/// The field numbers that protobuf reserves for itself.
pub(super) const RESERVED: std::ops::RangeInclusive<i32> = 19_000..=19_999;

pub(super) fn reserved_violation(number: i32) -> Violation {
    let (first, last) = (RESERVED.start(), RESERVED.end());
    Violation::new(format!("has the number {number}, which protobuf reserves"))
        .help(format!("choose one outside of {first} to {last}"))
}

/// Checks a label; a field without one is optional.
pub(super) fn label_violation(field: &FieldDescriptorProto, file: &FileContents<'_>) -> Option<Violation> {
    match Label::from_number(field.label?) {
        None => Some(Violation::new(format!("has the unknown label {}", field.label?))),
        Some(Label::Required) if is_proto3(file) => {
            Some(Violation::new("is required, which proto3 does not allow").help("remove the label"))
        }
        Some(_) => None,
    }
}

/// Returns whether required labels and groups are refused. protoc refuses them in editions too, which have features instead; but older
/// versions of protobuf-go's `protodesc` write both, with the same meaning.
fn is_proto3(file: &FileContents<'_>) -> bool {
    file.descriptor.edition.is_none() && file.descriptor.syntax() == "proto3"
}

pub(super) fn json_name_violation(field: &FieldDescriptorProto) -> Option<Violation> {
    match std::str::from_utf8(field.json_name?) {
        Err(_) => Some(Violation::new("has a JSON name that is not UTF-8")),
        Ok(name) if name.contains('\0') => Some(Violation::new("has a JSON name that contains a NUL")),
        Ok(_) => None,
    }
}

/// Refuses an extendee, which only extensions have.
fn extendee_violation(field: &FieldDescriptorProto) -> Option<Violation> {
    field.extendee.map(|name| {
        let violation = Violation::new(format!("has the extendee `{}`, but is not an extension", name.escape_debug()));
        violation.help("remove `extendee` from the descriptor")
    })
}

/// Checks the type of a field, which `owner` has, or of an extension, which has no owner.
pub(super) fn type_violation(
    symbols: &Symbols,
    imports: Imports,
    field: &Field<'_>,
    owner: Option<MessageId>,
    scope: InnermostScope<'_>,
    file: &FileContents<'_>,
) -> Option<Violation> {
    let Field { descriptor: field, symbol, .. } = *field;
    let type_name = field.type_name;
    let Some(number) = field.r#type else {
        return Some(match type_name {
            None => Violation::new("has no type"),
            Some(name) => Violation::new(format!("refers to `{}`, but has no type", name.escape_debug()))
                .help("let the compiler that writes the descriptor set resolve types, as protoc does"),
        });
    };
    let Some(kind) = Type::from_number(number) else {
        return Some(Violation::new(format!("has the unknown type {number}")));
    };
    let what = match kind {
        Type::Message => "message",
        Type::Group => "group",
        Type::Enum => "enum",
        _ => {
            return type_name
                .map(|name| Violation::new(format!("is a scalar, but refers to `{}`", name.escape_debug())));
        }
    };
    let Some(name) = type_name else { return Some(Violation::new(format!("has type {what}, but no type name"))) };
    match (symbol, kind) {
        (None, _) => unresolved(symbols, name, scope, imports),
        (Some(Symbol::Message(index)), Type::Message | Type::Group) if symbols.schema.messages[index].is_map_entry => {
            map_violation(&symbols.schema.messages[index], owner, field)
        }
        (Some(Symbol::Message(_)), Type::Group) => group_violation(file),
        (Some(Symbol::Message(_)), Type::Message) | (Some(Symbol::Enum(_)), Type::Enum) => None,
        (Some(symbol), _) => {
            Some(Violation::new(format!("has type {what}, but refers to the {} `{name}`", symbol.noun())))
        }
    }
}

fn map_violation(entry: &Message, owner: Option<MessageId>, field: &FieldDescriptorProto) -> Option<Violation> {
    let is_own = owner.is_some() && entry.parent == owner;
    let is_map = is_own && field.label() == Label::Repeated && field.r#type() == Type::Message;
    let name = entry.at.display_name();
    (!is_map)
        .then(|| Violation::new(format!("refers to the map entry `{name}`, but is not the map field of that entry")))
}

fn group_violation(file: &FileContents<'_>) -> Option<Violation> {
    is_proto3(file)
        .then(|| Violation::new("is a group, which proto3 does not allow").help("use a message field instead"))
}
