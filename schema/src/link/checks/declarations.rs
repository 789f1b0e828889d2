//! Rules of single declarations: unique names, numbers in range, enums with values.

use std::collections::HashMap;

use super::super::elements::{Element, Entry, FILE};
use super::super::report::Report;
use super::super::symbols::Id;
use super::super::world::World;
use super::{imports, ranges};
use crate::file::{FieldDecl, File, Label, Syntax};
use crate::full_name::{PACKAGE_DOTS, PACKAGE_LENGTH};
use crate::wire::MAX_NUMBER;

/// The most fields of a message.
const FIELDS: usize = 65_535;
/// How deep messages may nest.
const DEPTH: usize = 31;
/// The longest full name, in bytes.
const NAME_LENGTH: usize = 65_535;

/// Checks the declarations of a file, in the order in which protoc builds them.
pub(in super::super) fn declarations(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    let elements = &world.files[file as usize];
    super::file::known_edition(elements.file, report);
    package(elements.file, report);
    imports::check(elements.file, report);
    let clashes: HashMap<u32, u32> = elements.clashes.iter().copied().collect();
    for &element in &elements.declared {
        let entry = elements.entry(element);
        match entry.element {
            Element::Field(item) | Element::Extension(item) => field(elements.file, item, entry, report),
            Element::Enum(item) if item.values.is_empty() => {
                report.error_with(item.name.span, format!("enum `{}` has no value", item.name.value), |error| {
                    error.help("declare one: its first value is the default")
                });
            }
            Element::Range(range) => ranges::extension_range(range, report),
            _ => {}
        }
        if let Element::Message(message, _) = entry.element {
            ranges::reserved_ranges(message, report);
            if depth(world, file, element) > DEPTH {
                report.error(message.name.span, format!("messages nest more than {DEPTH} deep"));
            }
        }
        if let Some(&other) = clashes.get(&element).filter(|_| !report.is_full()) {
            let (own, other) = (Id { file, element }, Id { file, element: other });
            if let Some((member, taken)) = super::clashes::shared_member(world, own, other) {
                clash(world, member, taken, report);
            }
            clash(world, own, other, report);
        }
        if !matches!(entry.element, Element::File(_) | Element::Range(_)) {
            identifier(elements.file, entry, world, Id { file, element }, report);
        }
        match entry.element {
            Element::Message(message, _) => {
                if message.fields.len() > FIELDS {
                    report.error(message.name.span, format!("a message has at most {FIELDS} fields"));
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
        report.error(package.span, format!("the name of a package has at most {PACKAGE_LENGTH} bytes"));
    } else if package.value.matches('.').count() > PACKAGE_DOTS {
        report.error(package.span, format!("the name of a package has at most {PACKAGE_DOTS} dots"));
    }
    for part in package.value.split('.') {
        if !is_identifier(part) {
            report.error(package.span, format!("`{part}` is not a name"));
        }
    }
}

/// Checks a name; a parser only makes valid ones.
fn identifier(file: &File, entry: &Entry<'_>, world: &World<'_>, id: Id, report: &mut Report<'_>) {
    if file.encoded.is_some() && !is_identifier(entry.name()) {
        report.error(entry.span(), format!("`{}` is not a name", entry.name()));
    }
    if entry.name().len() > 255 && world.full_name(id).len() > NAME_LENGTH {
        report.error(entry.span(), format!("a name has at most {NAME_LENGTH} bytes with those of its parents"));
    }
}

fn is_identifier(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn depth(world: &World<'_>, file: u32, element: u32) -> usize {
    let parents = std::iter::successors(Some(element), |&element| Some(world.entry(Id { file, element }).parent));
    parents.take_while(|&element| element != FILE).count()
}

fn clash(world: &World<'_>, own: Id, other: Id, report: &mut Report<'_>) {
    let (entry, taken) = (world.entry(own), world.entry(other));
    let name = entry.name();
    let scope = world.full_name(scope_of(world, own));
    let place = report.place(other.element);
    let scope = if scope.is_empty() { String::new() } else { format!(" in `{scope}`") };
    let what = super::super::resolve::what(taken.element);
    report.error_with(entry.span(), format!("`{name}` is declared twice{scope}"), |error| {
        let error = error.note(place, format!("it is {what} here"));
        match entry.element {
            _ if world.is_map_entry(own) || world.is_map_entry(other) => {
                error.help("every map declares the message of its entries: `FooBarEntry` for a map `foo_bar`")
            }
            Element::Value(_) if world.parent(own) != world.parent(other) => {
                error.help("the values of an enum stand beside it, so that others of its scope cannot have their names")
            }
            _ => error,
        }
    });
}

fn scope_of(world: &World<'_>, id: Id) -> Id {
    let parent = world.parent(id);
    if matches!(world.entry(id).element, Element::Value(_)) { world.parent(parent) } else { parent }
}

fn field(file: &File, field: &FieldDecl, entry: &Entry<'_>, report: &mut Report<'_>) {
    let extension = matches!(entry.element, Element::Extension(_));
    let name = &field.name.value;
    if field.proto3_optional && file.syntax != Syntax::Proto3 {
        report.error(field.type_span, format!("field `{name}` is `proto3_optional` outside of proto3"));
    }
    if extension && field.label.is_some_and(|label| label.value == Label::Required) {
        report.error(field.type_span, format!("extension `{name}` is required, which no extension can be"));
    }
    if let Some(default) = &field.default
        && field.label.is_some_and(|label| label.value == Label::Repeated)
    {
        report.error(default.span, format!("field `{name}` is repeated, and so has no default"));
    }
    let number = field.number.value;
    if number <= 0 {
        report.error(field.number.span, format!("number {number} of field `{name}` is not positive"));
    } else if !extension && number > MAX_NUMBER {
        report.error_with(field.number.span, format!("number {number} of field `{name}` is too high"), |error| {
            error.help(format!("the highest number is {MAX_NUMBER}"))
        });
    }
    if extension && field.extendee.is_none() {
        report.error(field.name.span, format!("extension `{name}` extends nothing"));
    }
    if extension && field.oneof.is_some() {
        report.error(field.type_span, format!("extension `{name}` is in a oneof"));
    }
    if !extension && field.extendee.is_some() {
        report.error(field.name.span, format!("field `{name}` extends a message, which only extensions do"));
    }
}
