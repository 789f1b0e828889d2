//! Reports names that two elements of a scope have.
//!
//! Fields, oneofs, types and extensions share a namespace, and so do enum values, which are in the scope of their enum as in C++.

use std::collections::hash_map::Entry;

use super::symbols::Symbols;
use super::violation::Violation;
use crate::names::Names;
use crate::schema::{EnumId, FileContents, MessageId, Symbol};
use crate::source::MessageStep;
use crate::{Diagnostic, Errors, Position, full_name};

/// An element in a scope.
#[derive(Clone, Copy)]
enum Member {
    Field(MessageId, usize),
    Oneof(MessageId, usize),
    Value(EnumId, usize),
    Type(Symbol),
    Extension(usize),
}

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, errors: &mut Errors) {
    for message in file.messages.clone() {
        let mut names = Names::default();
        for (name, member) in members(symbols, message) {
            match names.entry(name) {
                Entry::Occupied(first) => errors.extend(clash(symbols, member, *first.get())),
                Entry::Vacant(entry) => _ = entry.insert(member),
            }
        }
    }
}

/// Reports values of top-level enums whose names another element of the package has.
pub(super) fn packages(symbols: &Symbols, errors: &mut Errors) {
    let mut names = Names::default();
    for file in &symbols.schema.files {
        let package = file.descriptor.package();
        let scope = full_name::scope(package);
        for (name, value) in file.top_enums.clone().flat_map(|enum_| values(symbols, enum_)) {
            match names.entry((package, name)) {
                Entry::Occupied(first) => errors.extend(clash(symbols, value, *first.get())),
                Entry::Vacant(entry) => _ = entry.insert(value),
            }
            let other = symbols.schema.resolve(&full_name::join(&scope, name));
            errors.extend(other.and_then(|other| clash(symbols, value, Member::Type(other))));
        }
    }
}

fn members<'s>(symbols: &'s Symbols<'_>, id: MessageId) -> impl Iterator<Item = (&'s str, Member)> {
    let schema = &symbols.schema;
    let message = &schema.messages[id];
    let of = &message.descriptor;
    let fields = of.field.iter().enumerate().map(move |(index, field)| (field.name(), Member::Field(id, index)));
    let oneofs = of.oneof_decl.iter().enumerate().map(move |(index, oneof)| (oneof.name(), Member::Oneof(id, index)));
    let nested = message.nested.iter().map(|&nested| Symbol::Message(nested));
    let types = nested.chain(message.enums.clone().map(Symbol::Enum));
    let types = types.map(|symbol| (full_name::last_part(&schema.place(symbol).full_name), Member::Type(symbol)));
    let values = message.enums.clone().flat_map(|enum_| values(symbols, enum_));
    let extensions = message.extensions.clone();
    let extensions = extensions.map(|index| (schema.extensions[index].descriptor.name(), Member::Extension(index)));
    fields.chain(oneofs).chain(types).chain(values).chain(extensions)
}

fn values<'s>(symbols: &'s Symbols<'_>, enum_: EnumId) -> impl Iterator<Item = (&'s str, Member)> {
    let values = symbols.schema.enums[enum_].descriptor.value.iter().enumerate();
    values.map(move |(index, value)| (value.name(), Member::Value(enum_, index)))
}

/// Returns the error about two elements with the same name, unless another check reports it.
fn clash(symbols: &Symbols, member: Member, first: Member) -> Option<Diagnostic> {
    let found_elsewhere = match (first, member) {
        (Member::Type(_) | Member::Extension(_), Member::Type(_) | Member::Extension(_)) => true,
        (Member::Value(first, _), Member::Value(second, _)) => first == second,
        _ => false,
    };
    if found_elsewhere {
        return None;
    }
    let (shown, position) = describe(symbols, member);
    let (other, other_position) = describe(symbols, first);
    let violation = Violation::new(format!("has the same name as {other} at {other_position}"));
    Some(violation.help("give one of them another name").at(position, &shown))
}

fn describe(symbols: &Symbols, member: Member) -> (String, Position) {
    let schema = &symbols.schema;
    let in_message = |noun, message: MessageId, name: &str, step, index| {
        let at = &schema.messages[message].at;
        let shown = format!("{noun} `{}.{}`", at.display_name(), name.escape_debug());
        (shown, symbols.position_of(at, &at.path.in_message(step, index)))
    };
    match member {
        Member::Field(message, index) => {
            let name = schema.messages[message].descriptor.field[index].name();
            in_message("field", message, name, MessageStep::Field, index)
        }
        Member::Oneof(message, index) => {
            let name = schema.messages[message].descriptor.oneof_decl[index].name();
            in_message("oneof", message, name, MessageStep::Oneof, index)
        }
        Member::Value(enum_, index) => {
            let enum_ = &schema.enums[enum_];
            let name = enum_.descriptor.value[index].name().escape_debug();
            let shown = format!("value `{name}` of enum `{}`", enum_.at.display_name());
            (shown, symbols.position_of(&enum_.at, &enum_.at.path.value(index)))
        }
        Member::Type(symbol) => {
            let at = schema.place(symbol);
            (format!("{} `{}`", symbol.noun(), at.display_name().escape_debug()), symbols.position(at))
        }
        Member::Extension(index) => {
            let at = &schema.extensions[index].at;
            (format!("extension `{}`", at.display_name().escape_debug()), symbols.position(at))
        }
    }
}
