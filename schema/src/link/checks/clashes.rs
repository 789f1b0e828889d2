//! Reports names and extension numbers that two files declare.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::elements::{Element, FILE, number};
use super::super::report::{Report, position};
use super::super::symbols::{Clash, Id, Named};
use super::super::world::World;
use crate::Diagnostic;

/// Reports names that are declared in two files, or that are a package and something else.
pub(in super::super) fn between_files(world: &World<'_>, clashes: &[Clash], report: &mut Report<'_>) {
    for clash in clashes {
        let element = clash.place();
        match *clash {
            Clash::Package(other) => {
                let (name, what) = (world.full_name(other), super::super::resolve::what(world.entry(other).element));
                let span = report.span(element);
                report.error_with(span, format!("package `{name}` is {what} in another file"), |error| {
                    noted(world, error, other)
                });
            }
            Clash::Element(id, Named::Element(other)) => {
                for (id, other) in shared_member(world, id, other).into_iter().chain([(id, other)]) {
                    let text = format!("`{}` is declared in two files", world.full_name(id));
                    report.element_error(id.element, text, |error| noted(world, error, other));
                }
            }
            Clash::Element(id, Named::Package(package)) => {
                let other = world.symbols.first_file(package);
                let span = world.files[other as usize].entry(FILE).span();
                let text = format!("`{}` is a package in another file", world.full_name(id));
                report.element_error(element, text, |error| {
                    error.note(position(world.file(other), span), "the package is here")
                });
            }
        }
    }
}

/// Returns the first member of an element that another one of its name has too: protoc reports members before what they
/// are in.
pub(super) fn shared_member(world: &World<'_>, own: Id, other: Id) -> Option<(Id, Id)> {
    let elements = &world.files[own.file as usize];
    if world.is_map_entry(own) || !matches!(world.entry(own).element, Element::Message(..) | Element::Service(_)) {
        return None;
    }
    let inside = own.element + 1..world.entry(own).end;
    elements.declared.iter().filter(|&element| inside.contains(element)).find_map(|&element| {
        let member = Id { element, ..own };
        let entry = world.entry(member);
        let scope = match entry.element {
            Element::File(_) | Element::Range(_) => return None,
            Element::Value(_) => world.parent(world.parent(member)),
            _ => world.parent(member),
        };
        match world.member(Named::Element(other), entry.name())? {
            Named::Element(taken) if scope == own => shared_member(world, member, taken).or(Some((member, taken))),
            _ => None,
        }
    })
}

fn noted(world: &World<'_>, error: Diagnostic, other: Id) -> Diagnostic {
    error.note(position(world.file(other.file), world.entry(other).span()), "also declared here")
}

/// Enters all extensions by what they extend and their number; warns of a number that two files use.
pub(in super::super) fn extensions(world: &mut World<'_>, mut warn: impl FnMut(u32, Diagnostic)) {
    let mut extensions = HashMap::new();
    for (file, elements) in world.files.iter().enumerate() {
        for (index, entry) in elements.entries.iter().enumerate() {
            let Element::Extension(field) = entry.element else { continue };
            let id = Id { file: number(file), element: number(index) };
            let Some(extended) = world.link(id).other else { continue };
            match extensions.entry((extended, field.number.value)) {
                Entry::Vacant(entry) => _ = entry.insert(id),
                Entry::Occupied(entry) => {
                    let other: Id = *entry.get();
                    if other.file == id.file {
                        continue;
                    }
                    let (message, name) = (world.full_name(extended), world.full_name(other));
                    let number = field.number.value;
                    let place = position(elements.file, field.number.span);
                    let text = format!("extension number {number} of `{message}` is used by `{name}` too");
                    let other_place = position(world.file(other.file), world.entry(other).span());
                    warn(id.file, Diagnostic::at(place, text).note(other_place, "the other one"));
                }
            }
        }
    }
    world.extensions = extensions;
}
