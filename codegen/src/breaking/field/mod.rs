//! The rules about fields and extensions that both versions have.

mod compatible;
mod default;
mod other_languages;
mod pair;

use rgrpc_schema::full_name::display_name;
use rgrpc_schema::tags::field::JSON_NAME;

use super::elements::{Cardinality, DeclaredField, Located};
use super::report::Report;
use pair::{FieldPair, changed_type, strings, validation};

pub(super) use compatible::{wire_compatible_type, wire_json_compatible_type};
pub(super) use default::same_default;
pub(super) use other_languages::{same_cpp_string_type, same_java_utf8_validation, same_jstype};

/// Compares names: for extensions full names, by which they are known.
pub(super) fn same_name(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let name = pair.map(|field| match field.message() {
        Some(_) => field.descriptor.name().to_owned(),
        None => display_name(&field.full_name()).to_owned(),
    });
    if name.differ() {
        report.changed(
            pair,
            format!("{} changed its name from `{}` to `{}`", pair.new.display_name(), name.old, name.new),
        );
    }
}

/// Compares names in JSON. That of an extension is its full name, about which there is another rule.
pub(super) fn same_json_name(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let name = pair.map(|field| field.descriptor.json_name().unwrap_or_default());
    if pair.new.message().is_some() && name.differ() {
        let (from, to) = (name.old, name.new);
        let message = format!("{} changed its JSON name from `{from}` to `{to}`", pair.new.display_name());
        report.changed_at(pair, &[JSON_NAME], message);
    }
}

pub(super) fn same_oneof(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let oneof = pair.map(DeclaredField::oneof);
    if oneof.differ() {
        let field = pair.new.display_name();
        let message = match (oneof.old, oneof.new) {
            (Some(old), Some(new)) => format!("{field} moved from oneof `{old}` to oneof `{new}`"),
            (Some(old), None) => format!("{field} moved out of oneof `{old}`"),
            (_, new) => format!("{field} moved into oneof `{}`", new.unwrap_or_default()),
        };
        report.changed(pair, message);
    }
}

pub(super) fn same_type(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let ty = pair.map(|field| (field.ty(), field.descriptor.type_name()));
    if ty.differ() {
        changed_type(pair, report);
    }
}

pub(super) fn same_cardinality(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    cardinality(pair, report, |cardinality| cardinality as u8);
}

pub(super) fn wire_compatible_cardinality(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    cardinality(pair, report, |cardinality| match cardinality {
        Cardinality::Explicit | Cardinality::Implicit => 0,
        Cardinality::Required => 1,
        Cardinality::Repeated | Cardinality::Map => 2,
    });
}

/// Unlike on the wire, where a map is a repeated field of entries, it is an object in JSON.
pub(super) fn wire_json_compatible_cardinality(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    cardinality(pair, report, |cardinality| match cardinality {
        Cardinality::Explicit | Cardinality::Implicit => 0,
        Cardinality::Required => 1,
        Cardinality::Repeated => 2,
        Cardinality::Map => 3,
    });
}

/// Reports a change to a cardinality of another group. Keys and values of maps are skipped: their presence follows from the file's
/// syntax and has no effect.
fn cardinality(pair: FieldPair<'_, '_>, report: &mut Report<'_>, group: impl Fn(Cardinality) -> u8) {
    let cardinality = pair.map(DeclaredField::cardinality);
    if group(cardinality.old) != group(cardinality.new) && !(pair.old.is_in_map() && pair.new.is_in_map()) {
        let words = cardinality.map(|cardinality| match cardinality {
            Cardinality::Explicit => "optional with presence",
            Cardinality::Implicit => "optional without presence",
            Cardinality::Required => "required",
            Cardinality::Repeated => "repeated",
            Cardinality::Map => "a map",
        });
        report.changed(pair, format!("{} changed from {} to {}", pair.new.display_name(), words.old, words.new));
    }
}

pub(super) fn same_utf8_validation(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let validation = pair.map(|field| validation(field.features.verifies_utf8()));
    if strings(pair) && validation.differ() {
        let (from, to) = (validation.old, validation.new);
        report.changed(pair, format!("{} changed its UTF-8 validation from {from} to {to}", pair.new.display_name()));
    }
}
