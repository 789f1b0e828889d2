//! Maps: each message of a file goes in, an error for each map entry that is not a key and a value comes out.

use super::fault::Fault;
use super::symbols::Symbols;
use crate::Errors;
use crate::descriptor::{FieldDescriptorProto, Label, Type};
use crate::schema::{File, Message};

pub(super) fn check(symbols: &Symbols, file: &File<'_>, errors: &mut Errors) {
    let messages = &symbols.schema.messages[file.messages.clone()];
    for message in messages.iter().filter(|message| message.is_map_entry) {
        for fault in faults(message).into_iter().flatten() {
            errors.push(fault.at(symbols.position(&message.at), &format!("map entry `{}`", message.at.shown())));
        }
    }
}

fn faults(entry: &Message) -> [Option<Fault>; 4] {
    let descriptor = &entry.descriptor;
    let is_bare = entry.nested.is_empty()
        && entry.enums.is_empty()
        && entry.extensions.is_empty()
        && descriptor.oneof_decl.is_empty();
    let is_pair = matches!(&*descriptor.field, [key, value] if is(key, "key", 1) && is(value, "value", 2));
    [
        entry.parent.is_none().then(|| Fault::new("is not in a message")),
        (!is_bare).then(|| Fault::new("declares more than fields")),
        (!is_pair).then(|| Fault::new("does not consist of a field `key` = 1 and a field `value` = 2, in this order")),
        types(&descriptor.field).filter(|_| is_pair),
    ]
}

fn is(field: &FieldDescriptorProto, name: &str, number: i32) -> bool {
    field.name() == name && field.number() == number && field.label() == Label::Optional
}

fn types(fields: &[FieldDescriptorProto]) -> Option<Fault> {
    let [key, value] = fields else { return None };
    if matches!(key.r#type(), Type::Float | Type::Double | Type::Bytes | Type::Enum | Type::Message | Type::Group) {
        return Some(Fault::new("has a key that is neither an integer, a bool nor a string"));
    }
    (value.r#type() == Type::Group).then(|| Fault::new("has a group as its value"))
}
