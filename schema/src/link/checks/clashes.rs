//! Reports names and extension numbers that two files declare.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::super::elements::{Element, FILE, as_u32};
use super::super::pool::Pool;
use super::super::report::{Report, position};
use super::super::symbols::{Clash, Definition, Id};
use crate::Diagnostic;

/// Reports names that are declared in two files, and elements with the name of a package.
pub(in super::super) fn between_files(pool: &Pool<'_>, clashes: &[Clash], report: &mut Report<'_>) {
    for clash in clashes {
        let element = clash.element();
        match *clash {
            Clash::Package(other) => {
                let (name, noun) = (pool.full_name(other), pool.entry(other).element.noun());
                let span = report.span(element);
                report.error_with(span, format!("package `{name}` has the name of {noun} in another file"), |error| {
                    noted(pool, error, other)
                });
            }
            Clash::Element(id, Definition::Element(other)) => {
                for (id, other) in shared_member(pool, id, other).into_iter().chain([(id, other)]) {
                    let text = format!("`{}` is declared in two files", pool.full_name(id));
                    report.element_error(id.element, text, |error| noted(pool, error, other));
                }
            }
            Clash::Element(id, Definition::Package(package)) => {
                let other = pool.symbols.first_file(package);
                let span = pool.files[other as usize].entry(FILE).span();
                let text = format!("`{}` has the name of a package", pool.full_name(id));
                report.element_error(element, text, |error| {
                    error.note(position(pool.file(other), span), "the package is declared here")
                });
            }
        }
    }
}

/// Returns the first member of an element whose name is also that of a member of `other`: protoc reports clashes of members before that
/// of their parents.
pub(super) fn shared_member(pool: &Pool<'_>, own: Id, other: Id) -> Option<(Id, Id)> {
    let elements = &pool.files[own.file as usize];
    if pool.is_map_entry(own) || !matches!(pool.entry(own).element, Element::Message(..) | Element::Service(_)) {
        return None;
    }
    let inside = own.element + 1..pool.entry(own).end;
    elements.declared.iter().filter(|&element| inside.contains(element)).find_map(|&element| {
        let member = Id { element, ..own };
        let entry = pool.entry(member);
        let scope = match entry.element {
            Element::File(_) | Element::Range(_) => return None,
            Element::Value(_) => pool.parent(pool.parent(member)),
            _ => pool.parent(member),
        };
        match pool.member(Definition::Element(other), entry.name())? {
            Definition::Element(taken) if scope == own => shared_member(pool, member, taken).or(Some((member, taken))),
            _ => None,
        }
    })
}

fn noted(pool: &Pool<'_>, error: Diagnostic, other: Id) -> Diagnostic {
    error.note(position(pool.file(other.file), pool.entry(other).span()), "also declared here")
}

/// Indexes all extensions by extendee and number; warns about numbers that two files use.
pub(in super::super) fn extensions(pool: &mut Pool<'_>, mut warn: impl FnMut(u32, Diagnostic)) {
    let mut extensions = HashMap::new();
    for (file, elements) in pool.files.iter().enumerate() {
        for (index, entry) in elements.entries.iter().enumerate() {
            let Element::Extension(field) = entry.element else { continue };
            let id = Id { file: as_u32(file), element: as_u32(index) };
            let Some(extended) = pool.link(id).other else { continue };
            match extensions.entry((extended, field.number.value)) {
                Entry::Vacant(entry) => _ = entry.insert(id),
                Entry::Occupied(entry) => {
                    let other: Id = *entry.get();
                    if other.file == id.file {
                        continue;
                    }
                    let (message, name) = (pool.full_name(extended), pool.full_name(other));
                    let number = field.number.value;
                    let place = position(elements.file, field.number.span);
                    let text = format!("extension number {number} of `{message}` is also used by `{name}`");
                    let other_place = position(pool.file(other.file), pool.entry(other).span());
                    warn(id.file, Diagnostic::at(place, text).note(other_place, "the other extension is here"));
                }
            }
        }
    }
    pool.extensions = extensions;
}
