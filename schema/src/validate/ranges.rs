//! Validates extension ranges, reserved ranges and reserved names.

use std::collections::HashSet;

use super::symbols::Symbols;
use super::violation::Violation;
use crate::Errors;
use crate::interval::{Interval, Intervals};
use crate::schema::{Enum, FileContents, Message};
use crate::wire::MAX_NUMBER;

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, errors: &mut Errors) {
    let is_proto3 = file.descriptor.syntax() == "proto3";
    for message in &symbols.schema.messages[file.messages.clone()] {
        let of = &message.descriptor;
        if !(of.extension_range.is_empty() && of.reserved_range.is_empty() && of.reserved_name.is_empty()) {
            in_message(symbols, message, errors);
        }
        if is_proto3 && !of.extension_range.is_empty() {
            let violation = Violation::new("has an extension range, which proto3 does not allow");
            errors.push(symbols.message_error(message, violation));
        }
    }
    for enum_ in &symbols.schema.enums[file.enums.clone()] {
        if !(enum_.descriptor.reserved_range.is_empty() && enum_.descriptor.reserved_name.is_empty()) {
            in_enum(symbols, enum_, errors);
        }
    }
}

fn in_message(symbols: &Symbols, message: &Message, errors: &mut Errors) {
    let of = &message.descriptor;
    let ranges = of.extension_range.iter().map(|declared| ("extension", declared.range));
    let ranges = ranges.chain(of.reserved_range.iter().map(|&range| ("reserved", range)));
    let ranges: Vec<_> = ranges.map(|(kind, range)| (Interval::half_open(range.start, range.end), kind)).collect();
    let last = if of.is_message_set() { i32::MAX } else { MAX_NUMBER };
    let too_high = ranges.iter().find(|(range, kind)| *kind == "extension" && range.last > last.into());
    let too_high = too_high.map(|(range, _)| {
        Violation::new(format!("has the extension range {range}")).help(format!("the highest number is {last}"))
    });
    let too_low = ranges.iter().find(|(range, _)| range.first < 1);
    let too_low = too_low
        .map(|(range, kind)| Violation::new(format!("has the {kind} range {range}")).help("the lowest number is 1"));
    let reserved = Reserved::new(&ranges, &of.reserved_name);
    for violation in too_high.into_iter().chain(too_low).chain(reserved.own_violations(&ranges, &of.reserved_name)) {
        errors.push(symbols.message_error(message, violation));
    }
    for (index, field) in of.field.iter().enumerate() {
        for violation in reserved.violations(field.number(), field.name()) {
            errors.push(symbols.field_error(message, index, violation));
        }
    }
}

fn in_enum(symbols: &Symbols, enum_: &Enum, errors: &mut Errors) {
    let of = &enum_.descriptor;
    let ranges = of.reserved_range.iter().map(|range| (Interval::closed(range.start, range.end), "reserved"));
    let ranges: Vec<_> = ranges.collect();
    let reserved = Reserved::new(&ranges, &of.reserved_name);
    for violation in reserved.own_violations(&ranges, &of.reserved_name) {
        errors.push(violation.at(symbols.position(&enum_.at), &format!("enum `{}`", enum_.at.display_name())));
    }
    for (index, value) in of.value.iter().enumerate() {
        for violation in reserved.violations(value.number(), value.name()) {
            errors.push(symbols.value_error(enum_, index, violation));
        }
    }
}

/// A range, and its kind: `extension` or `reserved`.
type RangeOfKind = (Interval, &'static str);

/// The numbers and names that fields or values cannot have.
struct Reserved<'a> {
    ranges: Intervals<&'static str>,
    names: HashSet<&'a [u8]>,
}

impl<'a> Reserved<'a> {
    fn new(ranges: &[RangeOfKind], names: &[&'a [u8]]) -> Self {
        Self { ranges: Intervals::new(ranges.iter().copied()), names: names.iter().copied().collect() }
    }

    /// Reports ranges that are empty or overlap, and names that are reserved twice.
    fn own_violations(&self, ranges: &[RangeOfKind], names: &[&[u8]]) -> Vec<Violation> {
        let empty = ranges.iter().filter(|(range, _)| range.is_empty());
        let empty = empty
            .map(|(range, kind)| Violation::new(format!("has the {kind} range {range}, which ends before it starts")));
        let overlapping = self.ranges.overlaps().into_iter().map(|[(range, kind), (other, other_kind)]| {
            Violation::new(format!("has the {kind} range {range}, which overlaps with the {other_kind} range {other}"))
        });
        let mut known = HashSet::new();
        let twice = names.iter().filter(|name| !known.insert(**name));
        let twice = twice.map(|name| Violation::new(format!("reserves the name `{}` twice", name.escape_ascii())));
        empty.chain(overlapping).chain(twice).collect()
    }

    /// Reports the number and the name of a field or value, if they are reserved.
    fn violations(&self, number: i32, name: &str) -> impl Iterator<Item = Violation> {
        let number = self.ranges.containing(number).map(|(range, kind)| {
            Violation::new(format!("has the number {number}, which is in the {kind} range {range}"))
                .help("give it another number")
        });
        let is_reserved = self.names.contains(name.as_bytes());
        let name = is_reserved.then(|| Violation::new("has a reserved name").help("give it another name"));
        number.into_iter().chain(name)
    }
}
