//! Rules of single declarations: unique names, numbers in range, enums with values.

use std::collections::HashMap;

use super::super::elements::{Element, Entry, FILE};
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use super::{imports, ranges};
use crate::file::{FieldDecl, File, Label, Syntax};
use crate::full_name::{PACKAGE_DOTS, PACKAGE_LENGTH, is_name};
use crate::wire::MAX_NUMBER;

/// The most fields of a message.
const FIELDS: usize = 65_535;
/// How deep messages may nest.
const DEPTH: usize = 31;
/// The longest full name, in bytes.
const NAME_LENGTH: usize = 65_535;

/// Checks the declarations of a file, in the order in which protoc builds them.
pub(in super::super) fn declarations(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    let elements = &pool.files[file as usize];
    super::file::known_edition(elements.file, report);
    package(elements.file, report);
    imports::check(elements.file, report);
    let clashes: HashMap<u32, u32> = elements.clashes.iter().copied().collect();
    for &element in &elements.declared {
        let entry = elements.entry(element);
        match entry.element {
            Element::Field(item) | Element::Extension(item) => field(elements.file, item, entry, report),
            Element::Enum(item) if item.values.is_empty() => {
                report.error_with(item.name.span, format!("enum `{}` has no values", item.name.value), |error| {
                    error.help("declare at least one; the first is the default")
                });
            }
            Element::Range(range) => ranges::extension_range(range, report),
            _ => {}
        }
        if let Element::Message(message, _) = entry.element {
            ranges::reserved_ranges(message, report);
            if depth(pool, file, element) > DEPTH {
                report.error(message.name.span, format!("messages nest more than {DEPTH} deep"));
            }
        }
        if let Some(&other) = clashes.get(&element).filter(|_| !report.is_full()) {
            let (own, other) = (Id { file, element }, Id { file, element: other });
            if let Some((member, taken)) = super::clashes::shared_member(pool, own, other) {
                clash(pool, member, taken, report);
            }
            clash(pool, own, other, report);
        }
        if !matches!(entry.element, Element::File(_) | Element::Range(_)) {
            identifier(elements.file, entry, pool, Id { file, element }, report);
        }
        match entry.element {
            Element::Message(message, _) => {
                if message.fields.len() > FIELDS {
                    let text = format!("message `{}` has more than {FIELDS} fields", message.name.value);
                    report.error(message.name.span, text);
                }
                ranges::message(message, report);
            }
            Element::Enum(item) => ranges::enumeration(item, report),
            _ => {}
        }
    }
}

fn package(file: &File, report: &mut Report<'_>) {
    let Some(package) = &file.package else { return };
    if package.value.len() > PACKAGE_LENGTH {
        report.error(package.span, format!("the package name is longer than {PACKAGE_LENGTH} bytes"));
    } else if package.value.matches('.').count() > PACKAGE_DOTS {
        report.error(package.span, format!("the package name has more than {PACKAGE_DOTS} dots"));
    }
    for part in package.value.split('.') {
        if !is_name(part) {
            report.error(package.span, format!("`{part}` is not an identifier"));
        }
    }
}

/// Checks the name of an element. The parser accepts only identifiers, but a decoded file may have anything.
fn identifier(file: &File, entry: &Entry<'_>, pool: &Pool<'_>, id: Id, report: &mut Report<'_>) {
    if file.encoded.is_some() && !is_name(entry.name()) {
        report.error(entry.span(), format!("`{}` is not an identifier", entry.name()));
    }
    if entry.name().len() > 255 && pool.full_name(id).len() > NAME_LENGTH {
        report.error(entry.span(), format!("the full name is longer than {NAME_LENGTH} bytes"));
    }
}

fn depth(pool: &Pool<'_>, file: u32, element: u32) -> usize {
    let parents = std::iter::successors(Some(element), |&element| Some(pool.entry(Id { file, element }).parent));
    parents.take_while(|&element| element != FILE).count()
}

fn clash(pool: &Pool<'_>, own: Id, other: Id, report: &mut Report<'_>) {
    let (entry, taken) = (pool.entry(own), pool.entry(other));
    let name = entry.name();
    let scope = pool.full_name(scope_of(pool, own));
    let place = report.position_of(other.element);
    let scope = if scope.is_empty() { String::new() } else { format!(" in `{scope}`") };
    report.error_with(entry.span(), format!("`{name}` is already declared{scope}"), |error| {
        let error = error.note(place, format!("first declared here, as {}", taken.element.noun()));
        match entry.element {
            _ if pool.is_map_entry(own) || pool.is_map_entry(other) => {
                error.help("a map field `foo_bar` declares a message `FooBarEntry` for its entries")
            }
            Element::Value(_) if pool.parent(own) != pool.parent(other) => {
                error.help("as in C++, enum values are in the scope of their enum, and must have unique names there")
            }
            _ => error,
        }
    });
}

fn scope_of(pool: &Pool<'_>, id: Id) -> Id {
    let parent = pool.parent(id);
    if matches!(pool.entry(id).element, Element::Value(_)) { pool.parent(parent) } else { parent }
}

fn field(file: &File, field: &FieldDecl, entry: &Entry<'_>, report: &mut Report<'_>) {
    let extension = matches!(entry.element, Element::Extension(_));
    let name = &field.name.value;
    if field.proto3_optional && file.syntax != Syntax::Proto3 {
        report.error(field.type_span, format!("field `{name}` is `proto3_optional`, but the file is not proto3"));
    }
    if extension && field.label.is_some_and(|label| label.value == Label::Required) {
        report.error(field.type_span, format!("extension `{name}` cannot be required"));
    }
    if let Some(default) = &field.default
        && field.label.is_some_and(|label| label.value == Label::Repeated)
    {
        report.error(default.span, format!("repeated field `{name}` cannot have a default"));
    }
    let number = field.number.value;
    if number <= 0 {
        report.error_with(field.number.span, format!("number {number} of field `{name}` is too low"), |error| {
            error.help("the lowest number is 1")
        });
    } else if !extension && number > MAX_NUMBER {
        report.error_with(field.number.span, format!("number {number} of field `{name}` is too high"), |error| {
            error.help(format!("the highest number is {MAX_NUMBER}"))
        });
    }
    if extension && field.extendee.is_none() {
        report.error(field.name.span, format!("extension `{name}` has no extendee"));
    }
    if extension && field.oneof.is_some() {
        report.error(field.type_span, format!("extension `{name}` cannot be in a oneof"));
    }
    if !extension && field.extendee.is_some() {
        report.error(field.name.span, format!("field `{name}` has an extendee, but is not an extension"));
    }
}
