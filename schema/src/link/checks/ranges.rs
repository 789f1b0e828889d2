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
        report.error(range.start.span, format!("{what} must be positive, not {}", range.start.value));
    }
    if range.start.value >= range.end.value {
        let (start, last) = (range.start.value, range.end.value.saturating_sub(1));
        report.error(range.start.span, format!("range {start} to {last} ends before it starts"));
    }
}

/// Checks the ranges and reserved names of a message against each other and its fields.
pub(super) fn message(message: &MessageDecl, report: &mut Report<'_>) {
    let reserved = Intervals::new(message.reserved_ranges.iter().map(|range| half_open(*range)));
    overlaps(&reserved, RESERVED, report);
    let names = names_twice(&message.reserved_names, message.name.span, report);
    let extensions = Intervals::new(message.extension_ranges.iter().map(|range| half_open(range.range)));
    for field in &message.fields {
        let (name, number) = (&field.name.value, field.number);
        includes(&extensions, "extension", number, ("field", name), report);
        includes(&reserved, RESERVED, number, ("field", name), report);
        reserved_name(&names, &field.name, "field", report);
    }
    for range in message.extension_ranges.iter().map(|range| half_open(range.range)) {
        if let Some(other) = reserved.overlapping(range.0) {
            clash(range, other, ["extension", RESERVED], report);
        }
    }
    overlaps(&extensions, "extension", report);
}

/// Checks the reserved ranges and names of an enum against each other and its values.
pub(super) fn enumeration(item: &EnumDecl, report: &mut Report<'_>) {
    for range in &item.reserved_ranges {
        if range.start.value > range.end.value {
            let (start, end) = (range.start.value, range.end.value);
            report.error(range.start.span, format!("range {start} to {end} ends before it starts"));
        }
    }
    let reserved = Intervals::new(item.reserved_ranges.iter().map(|range| closed(*range)));
    overlaps(&reserved, RESERVED, report);
    let names = names_twice(&item.reserved_names, item.name.span, report);
    for value in &item.values {
        includes(&reserved, RESERVED, value.number, ("value", &value.name.value), report);
        reserved_name(&names, &value.name, "value", report);
    }
}

const RESERVED: &str = "reserved";

/// An interval of numbers, and where it is declared.
type Declared = (Interval, Span);

fn half_open(range: NumberRange) -> Declared {
    (Interval::half_open(range.start.value, range.end.value), range.start.span)
}

fn closed(range: NumberRange) -> Declared {
    (Interval::closed(range.start.value, range.end.value), range.start.span)
}

/// Reports a number of a field or value that is in a range.
fn includes(
    ranges: &Intervals<Span>,
    kind: &str,
    number: Spanned<i32>,
    (noun, name): (&str, &str),
    report: &mut Report<'_>,
) {
    if let Some((range, span)) = ranges.containing(number.value) {
        let place = report.position(number.span);
        let text = format!("{kind} range {range} includes {}, the number of {noun} `{name}`", number.value);
        report.error_with(span, text, |error| error.note(place, format!("the {noun} is here")));
    }
}

/// Reports a reserved name of a field or value.
fn reserved_name(names: &HashMap<&[u8], Span>, name: &Spanned<String>, noun: &str, report: &mut Report<'_>) {
    if let Some(&span) = names.get(name.value.as_bytes()) {
        let place = report.position(span);
        report.error_with(name.span, format!("the name of {noun} `{}` is reserved", name.value), |error| {
            error.note(place, "reserved here")
        });
    }
}

fn overlaps(ranges: &Intervals<Span>, kind: &str, report: &mut Report<'_>) {
    for [range, other] in ranges.overlaps() {
        clash(range, other, [kind, kind], report);
    }
}

fn clash((range, span): Declared, (other, other_span): Declared, kinds: [&str; 2], report: &mut Report<'_>) {
    let place = report.position(other_span);
    let text = format!("{} range {range} overlaps with {} range {other}", kinds[0], kinds[1]);
    report.error_with(span, text, |error| error.note(place, "the other range is here"));
}

/// Reports names that are reserved twice, at the message or enum; returns where each name is first reserved.
fn names_twice<'n>(names: &'n [Spanned<Vec<u8>>], at: Span, report: &mut Report<'_>) -> HashMap<&'n [u8], Span> {
    let mut first: HashMap<&[u8], Span> = HashMap::new();
    for name in names {
        if let Some(&span) = first.get(&*name.value) {
            let place = report.position(span);
            let text = format!("name `{}` is reserved twice", String::from_utf8_lossy(&name.value));
            report.error_with(at, text, |error| error.note(place, "first reserved here"));
        } else {
            first.insert(&name.value, name.span);
        }
    }
    first
}
