//! Rules of enums: the first value, aliases, and names that clash.

use std::collections::HashMap;

use super::super::elements::as_u32;
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use crate::file::{EnumDecl, EnumValueDecl, Syntax};
use crate::{tags, wire};

/// `EnumOptions.deprecated_legacy_json_field_conflicts`
const LEGACY_JSON: i32 = 6;
/// The extension `(pb.enumvalue.json)` of `EnumValueOptions`.
const JSON: i32 = 998;

/// The note on the first of two values that clash.
const OTHER: &str = "the other value is here";

pub(super) fn check(pool: &Pool<'_>, id: Id, item: &EnumDecl, report: &mut Report<'_>) {
    names(pool, id, item, report);
    json_strings(pool, id, item, report);
    if let Some(first) = item.values.first()
        && !pool.is_closed(id)
        && first.number.value != 0
    {
        let text = format!("the first value of the open enum `{}` is not 0", item.name.value);
        report.error_with(first.number.span, text, |error| {
            error.help("declare a value with the number 0 first: it is the default")
        });
    }
    if !allows_alias(pool, id) {
        aliases(item, report);
    }
}

fn allows_alias(pool: &Pool<'_>, id: Id) -> bool {
    wire::last_varint(pool.options(id), tags::enum_options::ALLOW_ALIAS) == Some(1)
}

fn aliases(item: &EnumDecl, report: &mut Report<'_>) {
    let mut first: HashMap<i32, &EnumValueDecl> = HashMap::new();
    for value in &item.values {
        let number = value.number.value;
        if let Some(other) = first.get(&number) {
            let place = report.position(other.number.span);
            let text = format!("values `{}` and `{}` have the same number", other.name.value, value.name.value);
            report.error_with(value.number.span, text, |error| {
                error.note(place, "first used here").help("if this is intended, set `option allow_alias = true;`")
            });
        } else {
            first.insert(number, value);
        }
    }
}

/// Reports values whose names are the same without case, underscores and the name of the enum as a prefix.
fn names(pool: &Pool<'_>, id: Id, item: &EnumDecl, report: &mut Report<'_>) {
    let mut first: HashMap<String, &EnumValueDecl> = HashMap::with_capacity(item.values.len());
    for value in &item.values {
        let name = pascal_case(without_prefix(&item.name.value, &value.name.value));
        let Some(&other) = first.get(&name) else {
            first.insert(name, value);
            continue;
        };
        if other.name.value == value.name.value || other.number.value == value.number.value {
            continue;
        }
        let text = format!(
            "values `{}` and `{}` have the same name, ignoring case and the enum's name as a prefix",
            other.name.value, value.name.value
        );
        let place = report.position(other.name.span);
        let legacy = wire::last_varint(pool.options(id), LEGACY_JSON) == Some(1);
        if legacy && pool.syntax(id.file) == Syntax::Proto2 {
            report.warning(value.name.span, text, |warning| warning.note(place, OTHER));
        } else {
            report.error_with(value.name.span, text, |error| {
                error.note(place, OTHER).help("rename one of them, or give both the same number")
            });
        }
    }
}

/// Returns the name of a value without the name of its enum as a prefix, ignoring case and underscores, unless nothing else is left.
fn without_prefix<'v>(item: &str, value: &'v str) -> &'v str {
    let mut prefix = item.bytes().filter(|&byte| byte != b'_').map(|byte| byte.to_ascii_lowercase());
    let mut expected = prefix.next();
    for (index, letter) in value.bytes().enumerate() {
        match expected {
            None => {
                let rest = value[index..].trim_start_matches('_');
                return if rest.is_empty() { value } else { rest };
            }
            Some(_) if letter == b'_' => {}
            Some(wanted) if wanted == letter.to_ascii_lowercase() => expected = prefix.next(),
            Some(_) => return value,
        }
    }
    value
}

fn pascal_case(name: &str) -> String {
    let mut pascal = String::with_capacity(name.len());
    let mut upper = true;
    for letter in name.chars() {
        if letter == '_' {
            upper = true;
            continue;
        }
        pascal.push(if upper { letter.to_ascii_uppercase() } else { letter.to_ascii_lowercase() });
        upper = false;
    }
    pascal
}

/// Returns the JSON name of a value, if it sets one.
fn json_string<'w>(pool: &'w Pool<'_>, value: Id) -> Option<&'w [u8]> {
    let json = wire::payloads(pool.options(value), JSON).last()?;
    Some(wire::payloads(json, 1).last().unwrap_or_default())
}

/// Reports values with the same JSON name, and aliases with different ones.
fn json_strings(pool: &Pool<'_>, id: Id, item: &EnumDecl, report: &mut Report<'_>) {
    let value_id = |index: usize| Id { element: id.element + 1 + as_u32(index), ..id };
    if (0..item.values.len()).all(|index| pool.options(value_id(index)).is_empty()) {
        return;
    }
    let mut by_name: HashMap<&[u8], usize> = HashMap::new();
    let mut by_number: HashMap<i32, usize> = HashMap::new();
    let alias = allows_alias(pool, id);
    for (index, value) in item.values.iter().enumerate() {
        let own = json_string(pool, value_id(index));
        if alias {
            let first = *by_number.entry(value.number.value).or_insert(index);
            if json_string(pool, value_id(first)) != own {
                let other = &item.values[first];
                let text = format!(
                    "values `{}` and `{}` are aliases, but have different JSON names",
                    other.name.value, value.name.value
                );
                let place = report.position(other.name.span);
                report.error_with(value.name.span, text, |error| error.note(place, OTHER));
            }
        }
        for name in [Some(value.name.value.as_bytes()), own].into_iter().flatten() {
            let first = *by_name.entry(name).or_insert(index);
            let other = &item.values[first];
            if first != index && other.number.value != value.number.value {
                let text = format!(
                    "values `{}` and `{}` have the same JSON name \"{}\"",
                    other.name.value,
                    value.name.value,
                    String::from_utf8_lossy(name)
                );
                let place = report.position(other.name.span);
                report.error_with(value.name.span, text, |error| error.note(place, OTHER));
            }
        }
    }
}

/// Checks the JSON name of a value.
pub(super) fn check_value(pool: &Pool<'_>, id: Id, value: &EnumValueDecl, report: &mut Report<'_>) {
    let Some(json) = json_string(pool, id) else { return };
    let name = &value.name.value;
    if json.contains(&0) {
        report.error(value.name.span, format!("the JSON name of value `{name}` contains a NUL"));
    }
    let integer = std::str::from_utf8(json).ok().and_then(|json| json.trim().parse::<i32>().ok());
    if let Some(integer) = integer.filter(|&integer| integer != value.number.value) {
        let number = value.number.value;
        let text = format!("the JSON name of value `{name}` is the number {integer}, but its number is {number}");
        report.error(value.name.span, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_enum_is_no_part_of_a_name() {
        let check = |item, value, expected| assert_eq!(without_prefix(item, value), expected);
        check("FooBar", "FOO_BAR_A", "A");
        check("FooBar", "FOOBAR_A", "A");
        check("FooBar", "FOO_BAR_", "FOO_BAR_");
        check("FooBar", "FOO_BAR", "FOO_BAR");
        check("FooBar", "FOO_A", "FOO_A");
        check("Foo", "FOOD", "D");
    }
}
