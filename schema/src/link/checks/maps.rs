//! Rules of maps: their keys and values, and references to their entries.

use super::super::pool::Pool;
use super::super::report::Report;
use super::super::scope::{Scope, Wanted};
use super::super::symbols::{Definition, Id};
use crate::file::{EnumDecl, FieldDecl, Kind, Label, MessageDecl};
use crate::full_name;

pub(super) fn check(pool: &Pool<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    let Some(entry) = pool.link(id).target.filter(|_| pool.is_map(id)) else { return };
    let Some(message) = pool.message(entry) else { return };
    let same_parent = pool.container(id) == Some(pool.parent(entry));
    if !pool.is_repeated(id) || message.name.value != full_name::map_entry(&field.name.value) || !same_parent {
        let text = format!("`{}` is a map entry, and cannot be used as a type", pool.full_name(entry));
        let meant = meant(pool, entry);
        report.error_with(field.type_span, text, |error| match meant {
            Some(name) => error.help(format!("did you mean `.{name}`?")),
            None => error.help("use a map, or declare a message of your own"),
        });
    }
    if !is_entry(message) {
        report.error_with(field.type_span, "`map_entry` cannot be set", |error| {
            error.help("declare a map field instead: `map<string, int32> name = 1;`")
        });
        return;
    }
    let (key, value) = (&message.fields[0], &message.fields[1]);
    let kind = |field: &FieldDecl| pool.field_named(entry, &field.name.value).and_then(|id| pool.kind(id));
    let refused = match kind(key) {
        Some(Kind::Enum) => Some("enums"),
        Some(Kind::Float | Kind::Double) => Some("floating-point numbers"),
        Some(Kind::Bytes) => Some("bytes"),
        Some(Kind::Message | Kind::Group) => Some("messages"),
        _ => None,
    };
    if let Some(refused) = refused {
        report.error_with(field.type_span, format!("map keys cannot be {refused}"), |error| {
            error.help("use an integer, a bool or a string")
        });
    }
    let value = pool.field_named(entry, &value.name.value).and_then(|id| pool.link(id).target);
    if let Some(first) = value.and_then(|item| pool.enumeration(item)).and_then(first_value)
        && first != 0
    {
        report.error_with(field.type_span, "the first value of a map's enum is not 0", |error| {
            error.help("declare a value with the number 0 first: it is the default of the map's values")
        });
    }
}

fn first_value(item: &EnumDecl) -> Option<i32> {
    item.values.first().map(|value| value.number.value)
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

/// Returns the type with the name of the entry in an outer scope, which was probably meant.
fn meant(pool: &Pool<'_>, entry: Id) -> Option<String> {
    let container = pool.parent(entry);
    match Scope::new(pool, entry.file).find(pool.name(entry), container.element, Wanted::Type) {
        Ok(Definition::Element(id)) if id != entry => Some(pool.full_name(id)),
        _ => None,
    }
}
