//! Fields: each message of a file goes in, an error for each bad or repeated field or oneof comes out.

use std::collections::hash_map::Entry;

use super::defaults::Defaults;
use super::fault::{Fault, name_fault};
use super::imports::Imports;
use super::symbols::Symbols;
use crate::descriptor::{FieldDescriptorProto, Label, Type};
use crate::names::Names;
use crate::schema::{Field, FileContents, Message, MessageId, Symbol};
use crate::source::MessageStep;
use crate::wire::MAX_NUMBER;
use crate::{Errors, Position};

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, imports: Imports, errors: &mut Errors) {
    let mut defaults = Defaults::default();
    for owner in file.messages.clone() {
        let message = &symbols.schema.messages[owner];
        number_repetitions(symbols, message, errors);
        if message.descriptor.is_message_set() && !message.descriptor.field.is_empty() {
            let fault = Fault::new("is a message set, yet has fields");
            errors.push(fault.at(symbols.position(&message.at), &format!("message `{}`", message.at.shown())));
        }
        for (index, descriptor) in message.descriptor.field.iter().enumerate() {
            let field = symbols.schema.field((owner, index));
            let faults = [
                name_fault(descriptor.name),
                number_fault(descriptor),
                label_fault(descriptor, file),
                json_name_fault(descriptor),
                extendee_fault(descriptor),
                type_fault(symbols, imports, &field, Some(owner), file),
                defaults.fault(symbols, &field, file),
            ];
            for fault in faults.into_iter().flatten() {
                errors.push(fault.at(position(symbols, message, index), &shown(message, descriptor)));
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

/// Of two fields of one number the second is reported.
fn number_repetitions(symbols: &Symbols, message: &Message, errors: &mut Errors) {
    let mut numbers = Names::default();
    for (index, field) in message.descriptor.field.iter().enumerate() {
        let Some(number) = field.number else { continue };
        match numbers.entry(number) {
            Entry::Occupied(first) => {
                let position = |index| position(symbols, message, index);
                let first: usize = *first.get();
                let name = message.descriptor.field[first].name().escape_debug();
                let fault = Fault::new(format!("has the number of field `{name}`, {}", position(first)));
                let fault = fault.help("give one of them another number");
                errors.push(fault.at(position(index), &shown(message, field)));
            }
            Entry::Vacant(entry) => _ = entry.insert(index),
        }
    }
}

fn position(symbols: &Symbols, message: &Message, index: usize) -> Position {
    symbols.position_of(&message.at, &message.at.path.in_message(MessageStep::Field, index))
}

fn number_fault(field: &FieldDescriptorProto) -> Option<Fault> {
    match field.number {
        None => Some(Fault::new("has no number")),
        Some(number) if RESERVED.contains(&number) => Some(reserved_fault(number)),
        Some(1..=MAX_NUMBER) => None,
        Some(number) => {
            Some(Fault::new(format!("has the number {number}")).help(format!("pick one from 1 to {MAX_NUMBER}")))
        }
    }
}

/// The numbers that protobuf has for itself.
pub(super) const RESERVED: std::ops::RangeInclusive<i32> = 19_000..=19_999;

pub(super) fn reserved_fault(number: i32) -> Fault {
    let (first, last) = (RESERVED.start(), RESERVED.end());
    Fault::new(format!("has the number {number}, which protobuf reserves"))
        .help(format!("pick one outside of {first} to {last}"))
}

/// Checks a label; none is that of an optional field.
pub(super) fn label_fault(field: &FieldDescriptorProto, file: &FileContents<'_>) -> Option<Fault> {
    match Label::of_number(field.label?) {
        None => Some(Fault::new(format!("has the unknown label {}", field.label?))),
        Some(Label::Required) if is_proto3(file) => {
            Some(Fault::new("is required, which proto3 does not allow").help("remove the label"))
        }
        Some(_) => None,
    }
}

/// protoc has features instead of required labels and groups in an edition, and refuses both there. But older versions of protobuf-go's
/// `protodesc` write them beside the features, which say the same.
fn is_proto3(file: &FileContents<'_>) -> bool {
    file.descriptor.edition.is_none() && file.descriptor.syntax() == "proto3"
}

pub(super) fn json_name_fault(field: &FieldDescriptorProto) -> Option<Fault> {
    match std::str::from_utf8(field.json_name?) {
        Err(_) => Some(Fault::new("has a name in JSON that is not UTF-8")),
        Ok(name) if name.contains('\0') => Some(Fault::new("has a name in JSON with a NUL in it")),
        Ok(_) => None,
    }
}

/// Checks what only extensions have.
fn extendee_fault(field: &FieldDescriptorProto) -> Option<Fault> {
    field.extendee.map(|name| {
        let fault = Fault::new(format!("extends `{}`, which only extensions do", name.escape_debug()));
        fault.help("leave `extendee` out of the descriptor")
    })
}

/// Checks the type of a field of a message, or of an extension, which none owns.
pub(super) fn type_fault(
    symbols: &Symbols,
    imports: Imports,
    field: &Field<'_>,
    owner: Option<MessageId>,
    file: &FileContents<'_>,
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

fn group_fault(file: &FileContents<'_>) -> Option<Fault> {
    is_proto3(file).then(|| Fault::new("is a group, which proto3 does not have").help("make it a field of a message"))
}

fn shown(message: &Message, field: &FieldDescriptorProto) -> String {
    format!("field `{}.{}`", message.at.shown(), field.name().escape_debug())
}
