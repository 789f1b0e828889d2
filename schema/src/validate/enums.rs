//! Validates the values of enums.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::symbols::Symbols;
use super::violation::{Violation, name_violation};
use crate::Errors;
use crate::names::Names;
use crate::schema::{Enum, FileContents};

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, errors: &mut Errors) {
    for enum_ in &symbols.schema.enums[file.enums.clone()] {
        if enum_.descriptor.value.is_empty() {
            let violation = Violation::new("has no values").help("declare one with the number 0");
            errors.push(violation.at(symbols.position(&enum_.at), &format!("enum `{}`", enum_.at.display_name())));
        }
        let allows_alias = enum_.descriptor.allows_alias();
        let (mut names, mut numbers) = (Names::default(), Names::default());
        for (index, value) in enum_.descriptor.value.iter().enumerate() {
            let mut report = |violation: Violation| errors.push(symbols.value_error(enum_, index, violation));
            name_violation(value.name).into_iter().for_each(&mut report);
            match numbers.insert(value.number(), index) {
                Some(first) if !allows_alias => {
                    let first = enum_.descriptor.value[first].name().escape_debug();
                    let violation = Violation::new(format!("has the same number as value `{first}`"));
                    report(violation.help("if this is intended, set `option allow_alias = true;`"));
                }
                None if index == 0 && value.number() != 0 && !enum_.features.closed() => {
                    let violation = Violation::new("is the first value of an open enum, but its number is not 0");
                    report(violation.help("declare a value with the number 0 first: it is the default"));
                }
                _ => {}
            }
            match names.entry(value.name()) {
                Entry::Occupied(first) => {
                    let position = symbols.value_position(enum_, *first.get());
                    report(Violation::new(format!("has the same name as the value at {position}")));
                }
                Entry::Vacant(entry) => {
                    entry.insert(index);
                }
            }
        }
    }
}

/// The values of an enum by name, each with the name of the first value that has its number.
pub(super) type Values<'a> = HashMap<&'a str, &'a str>;

pub(super) fn values<'a>(enum_: &Enum<'a>) -> Values<'a> {
    let mut first = HashMap::new();
    let values = enum_.descriptor.value.iter();
    values.map(|value| (value.name(), *first.entry(value.number()).or_insert(value.name()))).collect()
}
