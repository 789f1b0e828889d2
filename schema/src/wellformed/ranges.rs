//! Ranges: each message and enum of a file goes in, an error for each range that is empty or that something else is in
//! comes out.

use std::collections::HashSet;

use super::fault::Fault;
use super::symbols::Symbols;
use crate::Errors;
use crate::interval::Interval;
use crate::schema::{Enum, FileContents, Message};
use crate::source::MessageStep;
use crate::wire::MAX_NUMBER;

pub(super) fn check(symbols: &Symbols, file: &FileContents<'_>, errors: &mut Errors) {
    let is_proto3 = file.descriptor.syntax() == "proto3";
    for message in &symbols.schema.messages[file.messages.clone()] {
        let of = &message.descriptor;
        if !(of.extension_range.is_empty() && of.reserved_range.is_empty() && of.reserved_name.is_empty()) {
            in_message(symbols, message, errors);
        }
        if is_proto3 && !of.extension_range.is_empty() {
            let fault = Fault::new("has an extension range, which proto3 does not allow");
            errors.push(fault.at(symbols.position(&message.at), &format!("message `{}`", message.at.shown())));
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
    let ranges: Vec<_> = ranges.map(|(kind, range)| (kind, Interval::half_open(range.start, range.end))).collect();
    let last = if of.is_message_set() { i32::MAX } else { MAX_NUMBER };
    let limit = ranges.iter().find(|(kind, range)| *kind == "extension" && range.last > last.into());
    let faults = limit.map(|(_, range)| {
        Fault::new(format!("has the extension range {range}")).help(format!("end it with {last} at the latest"))
    });
    let begins = ranges.iter().find(|(_, range)| range.first < 1);
    let begins = begins.map(|(kind, range)| {
        Fault::new(format!("has the {kind} range {range}")).help("begin it with 1 at the earliest")
    });
    let own = faults.into_iter().chain(begins).chain(range_faults(&ranges)).chain(twice(&of.reserved_name));
    for fault in own {
        errors.push(fault.at(symbols.position(&message.at), &format!("message `{}`", message.at.shown())));
    }
    for (index, field) in of.field.iter().enumerate() {
        let faults = taken(&ranges, field.number()).chain(reserved(&of.reserved_name, field.name()));
        for fault in faults {
            let position = symbols.position_of(&message.at, &message.at.path.in_message(MessageStep::Field, index));
            let name = field.name().escape_debug();
            errors.push(fault.at(position, &format!("field `{}.{name}`", message.at.shown())));
        }
    }
}

fn in_enum(symbols: &Symbols, enum_: &Enum, errors: &mut Errors) {
    let of = &enum_.descriptor;
    let ranges = of.reserved_range.iter().map(|range| ("reserved", Interval::closed(range.start, range.end)));
    let ranges: Vec<_> = ranges.collect();
    for fault in range_faults(&ranges).chain(twice(&of.reserved_name)) {
        errors.push(fault.at(symbols.position(&enum_.at), &format!("enum `{}`", enum_.at.shown())));
    }
    for (index, value) in of.value.iter().enumerate() {
        let faults = taken(&ranges, value.number()).chain(reserved(&of.reserved_name, value.name()));
        for fault in faults {
            let position = symbols.position_of(&enum_.at, &enum_.at.path.value(index));
            let name = value.name().escape_debug();
            errors.push(fault.at(position, &format!("value `{name}` of enum `{}`", enum_.at.shown())));
        }
    }
}

/// The ranges that are empty, and those that overlap with one behind them.
fn range_faults(ranges: &[(&'static str, Interval)]) -> impl Iterator<Item = Fault> {
    let empty = ranges.iter().filter(|(_, range)| range.is_empty());
    let empty =
        empty.map(|(kind, range)| Fault::new(format!("has the {kind} range {range}, which ends before it begins")));
    let overlapping = ranges.iter().enumerate().flat_map(|(index, (kind, range))| {
        let others = ranges[index + 1..].iter().filter(|(_, other)| range.overlaps(*other));
        others.map(move |(other_kind, other)| {
            Fault::new(format!("has the {kind} range {range}, which overlaps with the {other_kind} range {other}"))
        })
    });
    empty.chain(overlapping)
}

fn twice(names: &[&[u8]]) -> impl Iterator<Item = Fault> {
    let mut known = HashSet::new();
    names
        .iter()
        .filter(move |name| !known.insert(**name))
        .map(|name| Fault::new(format!("reserves the name `{}` twice", name.escape_ascii())))
}

/// The ranges that a number is in.
fn taken(ranges: &[(&'static str, Interval)], number: i32) -> impl Iterator<Item = Fault> {
    ranges.iter().filter(move |(_, range)| range.contains(number)).map(move |(kind, range)| {
        Fault::new(format!("has the number {number}, which is in the {kind} range {range}"))
            .help("give it another number")
    })
}

fn reserved(names: &[&[u8]], name: &str) -> Option<Fault> {
    names.contains(&name.as_bytes()).then(|| Fault::new("has a reserved name").help("give it another name"))
}
