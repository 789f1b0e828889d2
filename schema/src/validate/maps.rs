//! Validates map entries.

use super::symbols::Symbols;
use super::violation::Violation;
use crate::Errors;
use crate::descriptor::{FieldDescriptorProto, Label, Type};
use crate::schema::{FileContents, Message, Symbol};

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, errors: &mut Errors) {
    let messages = &symbols.schema.messages[file.messages.clone()];
    for message in messages.iter().filter(|message| message.is_map_entry) {
        for violation in violations(message).into_iter().flatten().chain(enum_violation(symbols, message)) {
            errors.push(
                violation.at(symbols.position(&message.at), &format!("map entry `{}`", message.at.display_name())),
            );
        }
    }
}

fn violations(entry: &Message) -> [Option<Violation>; 4] {
    let descriptor = &entry.descriptor;
    let is_bare = entry.nested.is_empty()
        && entry.enums.is_empty()
        && entry.extensions.is_empty()
        && descriptor.oneof_decl.is_empty();
    let is_pair = matches!(&*descriptor.field, [key, value] if is(key, "key", 1) && is(value, "value", 2));
    [
        entry.parent.is_none().then(|| Violation::new("is not in a message")),
        (!is_bare).then(|| Violation::new("declares something other than fields")),
        (!is_pair)
            .then(|| Violation::new("does not consist of a field `key` = 1 and a field `value` = 2, in this order")),
        types(&descriptor.field).filter(|_| is_pair),
    ]
}

fn is(field: &FieldDescriptorProto, name: &str, number: i32) -> bool {
    field.name() == name && field.number() == number && field.label() == Label::Optional
}

fn types(fields: &[FieldDescriptorProto]) -> Option<Violation> {
    let [key, value] = fields else { return None };
    if matches!(key.r#type(), Type::Float | Type::Double | Type::Bytes | Type::Enum | Type::Message | Type::Group) {
        return Some(Violation::new("has a key that is neither an integer, a bool nor a string"));
    }
    (value.r#type() == Type::Group).then(|| Violation::new("has a group as its value"))
}

/// Requires the first value of an enum to be 0, since it is the default of the map's values.
fn enum_violation(symbols: &Symbols, entry: &Message) -> Option<Violation> {
    let [_, value] = &*entry.descriptor.field else { return None };
    let Symbol::Enum(enum_) = symbols.schema.resolve(value.type_name?)? else { return None };
    let enum_ = &symbols.schema.enums[enum_];
    let first = enum_.descriptor.value.first()?;
    let name = enum_.at.display_name();
    (first.number() != 0)
        .then(|| Violation::new(format!("has values of the enum `{name}`, whose first value is not 0")))
}
