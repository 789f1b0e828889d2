//! Validates the methods of services.

use std::collections::hash_map::Entry;

use super::imports::Imports;
use super::symbols::Symbols;
use super::unresolved::{InnermostScope, unresolved};
use super::violation::{Violation, name_violation};
use crate::Errors;
use crate::names::Names;
use crate::schema::{FileContents, Place, Symbol};

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, imports: Imports, errors: &mut Errors) {
    for service in &symbols.schema.services[file.services.clone()] {
        let mut names = Names::default();
        for (index, method) in service.descriptor.method.iter().enumerate() {
            let position = |index| symbols.position_of(&service.at, &service.at.path.method(index));
            let mut report = |violation: Violation| {
                let name = method.name().escape_debug();
                errors.push(violation.at(position(index), &format!("method `{}.{name}`", service.at.display_name())));
            };
            name_violation(method.name).into_iter().for_each(&mut report);
            match names.entry(method.name()) {
                Entry::Occupied(first) => {
                    let violation =
                        Violation::new(format!("has the same name as the method at {}", position(*first.get())));
                    report(violation.help("rename one of them"));
                }
                Entry::Vacant(entry) => {
                    entry.insert(index);
                }
            }
            let types = [("input", method.input_type), ("output", method.output_type)];
            let violations = types.map(|(what, name)| type_violation(symbols, imports, &service.at, what, name));
            violations.into_iter().flatten().for_each(&mut report);
        }
    }
}

fn type_violation(
    symbols: &Symbols,
    imports: Imports,
    scope: &Place,
    what: &str,
    name: Option<&str>,
) -> Option<Violation> {
    let Some(name) = name else { return Some(Violation::new(format!("has no {what} type"))) };
    match symbols.schema.resolve(name) {
        None => unresolved(symbols, name, InnermostScope::of_members(scope), imports),
        Some(Symbol::Message(index)) if symbols.schema.messages[index].is_map_entry => {
            Some(Violation::new(format!("has the map entry `{name}` as its {what} type")))
        }
        Some(Symbol::Message(_)) => None,
        Some(symbol) => Some(Violation::new(format!("has the {} `{name}` as its {what} type", symbol.noun()))),
    }
}
