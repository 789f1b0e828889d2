//! Rules of extension ranges, reserved ranges and reserved names.

use std::collections::HashMap;

use super::super::report::Report;
use crate::file::{EnumDecl, ExtensionRangeDecl, MessageDecl, NumberRange, Span, Spanned};
use crate::interval::{Interval, Intervals};

/// Checks an extension range, except for its highest number, which depends on options.
pub(super) fn extension_range(range: &ExtensionRangeDecl, report: &mut Report<'_>) {
    check_range(range.range, "extension numbers", report);
}

pub(super) fn reserved_ranges(message: &MessageDecl, report: &mut Report<'_>) {
    for range in &message.reserved_ranges {
        check_range(*range, "reserved numbers", report);
    }
}

fn check_range(range: NumberRange, what: &str, report: &mut Report<'_>) {
    if range.start.value <= 0 {
        report.error(range.start.span, format!("{what} are positive, and {} is not", range.start.value));
    }
    if range.start.value >= range.end.value {
        let (start, last) = (range.start.value, range.end.value.saturating_sub(1));
        report.error(range.start.span, format!("range {start} to {last} ends before it begins"));
    }
}

/// Checks the ranges and reserved names of a message against each other and its fields.
pub(super) fn message(message: &MessageDecl, report: &mut Report<'_>) {
    let reserved = Intervals::new(message.reserved_ranges.iter().map(|range| half_open(*range)));
    overlaps(&reserved, "is a reserved range, and overlaps with", report);
    let names = names_twice(&message.reserved_names, message.name.span, report);
    let extensions = Intervals::new(message.extension_ranges.iter().map(|range| half_open(range.range)));
    for field in &message.fields {
        let (name, number) = (&field.name.value, field.number.value);
        let place = report.at(field.number.span);
        if let Some((range, span)) = extensions.containing(number) {
            let text = format!("{range} is for extensions, and is the number of field `{name}`");
            report.error_with(span, text, |error| error.note(place.clone(), "the field is here"));
        }
        if let Some((range, span)) = reserved.containing(number) {
            let text = format!("{range} is reserved, and {number} is the number of field `{name}`");
            report.error_with(span, text, |error| error.note(place.clone(), "the field is here"));
        }
        if let Some(&span) = names.get(name.as_bytes()) {
            let place = report.at(span);
            report.error_with(field.name.span, format!("the name of field `{name}` is reserved"), |error| {
                error.note(place, "reserved here")
            });
        }
    }
    for range in message.extension_ranges.iter().map(|range| half_open(range.range)) {
        if let Some(other) = reserved.overlapping(range.0) {
            clash(range, other, "is for extensions, and overlaps with reserved", report);
        }
    }
    overlaps(&extensions, "is for extensions, and overlaps with", report);
}

/// Checks the reserved ranges and names of an enum against each other and its values.
pub(super) fn enumeration(item: &EnumDecl, report: &mut Report<'_>) {
    for range in &item.reserved_ranges {
        if range.start.value > range.end.value {
            let (start, end) = (range.start.value, range.end.value);
            report.error(range.start.span, format!("range {start} to {end} ends before it begins"));
        }
    }
    let reserved = Intervals::new(item.reserved_ranges.iter().map(|range| closed(*range)));
    overlaps(&reserved, "is a reserved range, and overlaps with", report);
    let names = names_twice(&item.reserved_names, item.name.span, report);
    for value in &item.values {
        let (name, number) = (&value.name.value, value.number.value);
        let place = report.at(value.number.span);
        if let Some((range, span)) = reserved.containing(number) {
            let text = format!("{range} is reserved, and {number} is the number of value `{name}`");
            report.error_with(span, text, |error| error.note(place.clone(), "the value is here"));
        }
        if let Some(&span) = names.get(name.as_bytes()) {
            let place = report.at(span);
            report.error_with(value.name.span, format!("the name of value `{name}` is reserved"), |error| {
                error.note(place, "reserved here")
            });
        }
    }
}

/// An interval of numbers, and where it is declared.
type Declared = (Interval, Span);

fn half_open(range: NumberRange) -> Declared {
    (Interval::half_open(range.start.value, range.end.value), range.start.span)
}

fn closed(range: NumberRange) -> Declared {
    (Interval::closed(range.start.value, range.end.value), range.start.span)
}

fn overlaps(ranges: &Intervals<Span>, text: &str, report: &mut Report<'_>) {
    for [range, other] in ranges.overlaps() {
        clash(range, other, text, report);
    }
}

fn clash((range, span): Declared, (other, other_span): Declared, text: &str, report: &mut Report<'_>) {
    let place = report.at(other_span);
    report.error_with(span, format!("{range} {text} {other}"), |error| error.note(place, "the other range"));
}

/// Reports names that are reserved twice, at the message or enum; returns where names are reserved.
fn names_twice<'n>(names: &'n [Spanned<Vec<u8>>], at: Span, report: &mut Report<'_>) -> HashMap<&'n [u8], Span> {
    let mut first: HashMap<&[u8], Span> = HashMap::new();
    for name in names {
        if let Some(&span) = first.get(&*name.value) {
            let place = report.at(span);
            let text = format!("name `{}` is reserved twice", String::from_utf8_lossy(&name.value));
            report.error_with(at, text, |error| error.note(place, "first reserved here"));
        } else {
            first.insert(&name.value, name.span);
        }
    }
    first
}
