//! Fields: each message of a file goes in, an error for each bad or repeated field or oneof comes out.

use std::collections::hash_map::Entry;

use super::defaults::Defaults;
use super::fault::{Fault, name_fault};
use super::imports::Imports;
use super::symbols::Symbols;
use crate::Errors;
use crate::descriptor::{FieldDescriptorProto, Label, Type};
use crate::names::Names;
use crate::schema::{Field, File, Message, MessageId, Symbol};
use crate::source::MessageStep;
use crate::wire::MAX_NUMBER;

pub(super) fn check(symbols: &Symbols, file: &File<'_>, imports: Imports, errors: &mut Errors) {
    let mut defaults = Defaults::default();
    for owner in file.messages.clone() {
        let message = &symbols.schema.messages[owner];
        repetitions(symbols, message, errors);
        let alone = members(message);
        for (index, field) in message.descriptor.field.iter().enumerate() {
            let faults = [
                name_fault(field.name),
                number_fault(field),
                label_fault(field),
                json_name_fault(field),
                oneof_fault(message, field, &alone),
                type_fault(symbols, imports, &symbols.schema.field((owner, index)), Some(owner), file),
                defaults.fault(symbols, (owner, index)),
            ];
            for fault in faults.into_iter().flatten() {
                let position = symbols.position_of(&message.at, &message.at.path.in_message(MessageStep::Field, index));
                errors.push(fault.at(position, &shown("field", message, field.name())));
            }
        }
        for (index, oneof) in message.descriptor.oneof_decl.iter().enumerate() {
            if let Some(fault) = name_fault(oneof.name) {
                let position = symbols.position_of(&message.at, &message.at.path.in_message(MessageStep::Oneof, index));
                errors.push(fault.at(position, &shown("oneof", message, oneof.name())));
            }
        }
    }
}

/// A type name that stands for nothing in the set; a missing import has been reported already.
pub(super) fn unresolved(name: &str, imports: Imports) -> Option<Fault> {
    let shown = name.escape_debug();
    if !name.starts_with('.') {
        let fault = Fault::new(format!("refers to `{shown}`, which does not start with a dot"));
        return Some(fault.help("have the types resolved by protoc, or by what wrote the descriptor set"));
    }
    let fault = Fault::new(format!("refers to `{shown}`, which is not in the descriptor set"))
        .help("pass the file that declares it, for example with --include_imports");
    (imports == Imports::Complete).then_some(fault)
}

/// protoc has fields and oneofs share their names.
fn repetitions(symbols: &Symbols, message: &Message, errors: &mut Errors) {
    let (mut names, mut numbers) = (Names::default(), Names::default());
    let fields = message.descriptor.field.iter().enumerate();
    let oneofs = message.descriptor.oneof_decl.iter().enumerate();
    let elements = fields
        .map(|(index, field)| ("field", field.name(), field.number, MessageStep::Field, index))
        .chain(oneofs.map(|(index, oneof)| ("oneof", oneof.name(), None, MessageStep::Oneof, index)));
    for (noun, name, number, step, index) in elements {
        let position = |step, index| symbols.position_of(&message.at, &message.at.path.in_message(step, index));
        let mut report = |what: &str, other: &str, other_step, other_index| {
            let other = format!("has the {what} of {other}, {}", position(other_step, other_index));
            let fault = Fault::new(other).help(format!("give one of them another {what}"));
            errors.push(fault.at(position(step, index), &shown(noun, message, name)));
        };
        match names.entry(name) {
            Entry::Occupied(first) => {
                let &(other_noun, other_step, other_index) = first.get();
                report("name", &format!("another {other_noun}"), other_step, other_index);
            }
            Entry::Vacant(entry) => {
                entry.insert((noun, step, index));
            }
        }
        match number.map(|number| numbers.entry(number)) {
            Some(Entry::Occupied(first)) => {
                let &(other_name, other_index) = first.get();
                report("number", &format!("field `{other_name}`"), MessageStep::Field, other_index);
            }
            Some(Entry::Vacant(entry)) => {
                entry.insert((name, index));
            }
            None => {}
        }
    }
}

/// The number of fields in each oneof.
fn members(message: &Message) -> Vec<usize> {
    let mut members = vec![0; message.descriptor.oneof_decl.len()];
    for field in &message.descriptor.field {
        let index = field.oneof_index.and_then(|index| usize::try_from(index).ok());
        if let Some(count) = index.and_then(|index| members.get_mut(index)) {
            *count += 1;
        }
    }
    members
}

fn number_fault(field: &FieldDescriptorProto) -> Option<Fault> {
    match field.number {
        None => Some(Fault::new("has no number")),
        Some(1..=MAX_NUMBER) => None,
        Some(number) => {
            Some(Fault::new(format!("has the number {number}")).help(format!("pick one from 1 to {MAX_NUMBER}")))
        }
    }
}

pub(super) fn label_fault(field: &FieldDescriptorProto) -> Option<Fault> {
    match field.label {
        None => Some(Fault::new("has no label")),
        Some(label) if Label::of_number(label).is_none() => Some(Fault::new(format!("has the unknown label {label}"))),
        Some(_) => None,
    }
}

pub(super) fn json_name_fault(field: &FieldDescriptorProto) -> Option<Fault> {
    let is_text = field.json_name.is_none() || field.json_name().is_some();
    (!is_text).then(|| Fault::new("has a name in JSON that is not UTF-8"))
}

fn oneof_fault(message: &Message, field: &FieldDescriptorProto, members: &[usize]) -> Option<Fault> {
    if (field.proto3_optional || field.oneof_index.is_some()) && field.label() != Label::Optional {
        return Some(Fault::new("is in a oneof or has presence, but its label is not optional"));
    }
    let index = field.oneof_index?;
    match usize::try_from(index).ok().and_then(|index| members.get(index)) {
        None => Some(Fault::new(format!("is in oneof {index}, but the message has {}", members.len()))),
        Some(2..) if field.proto3_optional => {
            let oneof = usize::try_from(index).ok().and_then(|index| message.descriptor.oneof_decl.get(index));
            let oneof = oneof.map_or("", |oneof| oneof.name()).escape_debug();
            Some(Fault::new(format!("has presence by itself, but shares the oneof `{oneof}`")))
        }
        Some(_) => None,
    }
}

/// Checks the type of a field of a message, or of an extension, which none owns.
pub(super) fn type_fault(
    symbols: &Symbols,
    imports: Imports,
    field: &Field<'_>,
    owner: Option<MessageId>,
    file: &File<'_>,
) -> Option<Fault> {
    let Field { descriptor: field, symbol, .. } = *field;
    let type_name = field.type_name;
    let Some(number) = field.r#type else {
        return Some(match type_name {
            None => Fault::new("has no type"),
            Some(name) => Fault::new(format!("refers to `{}` without saying of what kind it is", name.escape_debug()))
                .help("have the types resolved by protoc, or by what wrote the descriptor set"),
        });
    };
    let Some(kind) = Type::of_number(number) else { return Some(Fault::new(format!("has the unknown type {number}"))) };
    let what = match kind {
        Type::Message => "message",
        Type::Group => "group",
        Type::Enum => "enum",
        _ => {
            return type_name.map(|name| Fault::new(format!("is a scalar, yet refers to `{}`", name.escape_debug())));
        }
    };
    let Some(name) = type_name else { return Some(Fault::new(format!("is of type {what}, but refers to none"))) };
    match (symbol, kind) {
        (None, _) => unresolved(name, imports),
        (Some(Symbol::Message(index)), Type::Message | Type::Group) if symbols.schema.messages[index].is_map_entry => {
            map_fault(&symbols.schema.messages[index], owner, field)
        }
        (Some(Symbol::Message(_)), Type::Group) => group_fault(file),
        (Some(Symbol::Message(_)), Type::Message) | (Some(Symbol::Enum(_)), Type::Enum) => None,
        (Some(symbol), _) => {
            Some(Fault::new(format!("is of type {what}, but `{name}` is declared as `{}`", symbol.noun())))
        }
    }
}

fn map_fault(entry: &Message, owner: Option<MessageId>, field: &FieldDescriptorProto) -> Option<Fault> {
    let is_own = owner.is_some() && entry.parent == owner;
    let is_map = is_own && field.label() == Label::Repeated && field.r#type() == Type::Message;
    let name = entry.at.shown();
    (!is_map).then(|| Fault::new(format!("refers to the map entry `{name}`, but is not the map it is the entry of")))
}

/// prost-build knows an optional group in proto2 only.
fn group_fault(file: &File<'_>) -> Option<Fault> {
    (file.descriptor.syntax() == "proto3").then(|| Fault::new("is a group, which proto3 does not have"))
}

fn shown(noun: &str, message: &Message, name: &str) -> String {
    format!("{noun} `{}.{}`", message.at.shown(), name.escape_debug())
}
