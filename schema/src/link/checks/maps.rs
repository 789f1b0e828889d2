//! Rules of maps: their keys and values, and references to their entries.

use super::super::report::Report;
use super::super::scope::{Scope, Wanted};
use super::super::symbols::{Id, Named};
use super::super::world::World;
use crate::file::{EnumDecl, FieldDecl, Kind, Label, MessageDecl};

pub(super) fn check(world: &World<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    let Some(entry) = world.link(id).target.filter(|_| world.is_map(id)) else { return };
    let Some(message) = world.message(entry) else { return };
    let same_parent = world.container(id) == Some(world.parent(entry));
    if !world.is_repeated(id) || message.name.value != entry_name(&field.name.value) || !same_parent {
        let text = format!("`{}` is the entry of a map, and cannot be the type of a field", world.full_name(entry));
        let meant = meant(world, entry);
        report.error_with(field.type_span, text, |error| match meant {
            Some(name) => error.help(format!("did you mean `.{name}`?")),
            None => error.help("use a map, or declare a message of your own"),
        });
    }
    if !is_entry(message) {
        report.error_with(field.type_span, "`map_entry` is set by hand", |error| error.help("use `map<Key, Value>`"));
        return;
    }
    let (key, value) = (&message.fields[0], &message.fields[1]);
    let kind = |field: &FieldDecl| world.field_named(entry, &field.name.value).and_then(|id| world.kind(id));
    match kind(key) {
        Some(Kind::Enum) => report.error(field.type_span, "the key of a map is an enum"),
        Some(kind @ (Kind::Float | Kind::Double | Kind::Message | Kind::Group | Kind::Bytes)) => {
            let what = match kind {
                Kind::Float | Kind::Double => "a floating point number",
                Kind::Bytes => "bytes",
                _ => "a message",
            };
            report.error_with(field.type_span, format!("the key of a map is {what}"), |error| {
                error.help("keys are integers, bools and strings")
            });
        }
        _ => {}
    }
    let value = world.field_named(entry, &value.name.value).and_then(|id| world.link(id).target);
    if let Some(first) = value.and_then(|item| world.enumeration(item)).and_then(first_value)
        && first != 0
    {
        report.error_with(field.type_span, "the first value of the enum of a map is not zero", |error| {
            error.help("the first value is the default of what the map holds")
        });
    }
}

fn first_value(item: &EnumDecl) -> Option<i32> {
    item.values.first().map(|value| value.number.value)
}

/// Returns the name of the entry of a map: `FooBarEntry` for `foo_bar`.
fn entry_name(field: &str) -> String {
    let mut name = String::with_capacity(field.len() + 5);
    let mut upper = true;
    for letter in field.chars() {
        if letter == '_' {
            upper = true;
            continue;
        }
        name.push(if upper { letter.to_ascii_uppercase() } else { letter });
        upper = false;
    }
    name + "Entry"
}

fn is_entry(message: &MessageDecl) -> bool {
    let is = |field: &FieldDecl, name: &str, number: i32| {
        let optional = field.label.is_none_or(|label| label.value == Label::Optional);
        field.name.value == name && field.number.value == number && optional
    };
    message.extensions.is_empty()
        && message.extension_ranges.is_empty()
        && message.messages.is_empty()
        && message.enums.is_empty()
        && matches!(&*message.fields, [key, value] if is(key, "key", 1) && is(value, "value", 2))
}

/// Returns a type further out that has the name of the entry.
fn meant(world: &World<'_>, entry: Id) -> Option<String> {
    let container = world.parent(entry);
    match Scope::new(world, entry.file).find(world.name(entry), container.element, Wanted::Type) {
        Ok(Named::Element(id)) if id != entry => Some(world.full_name(id)),
        _ => None,
    }
}
