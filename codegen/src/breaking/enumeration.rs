//! The rules about enums that both versions have, and about their values.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::descriptor::EnumDescriptorProto;
use rgrpc_schema::full_name::display_name;
use rgrpc_schema::schema::Enum;
use rgrpc_schema::tags::enumeration::VALUE;

use super::elements::Located;
use super::ranges::{self, Range};
use super::report::Report;
use super::versions::Versions;

type EnumPair<'p, 'v> = &'p Versions<&'v Enum<'v>>;

/// By number: the names of the values, and the index of the first.
type Values<'a> = BTreeMap<i32, (BTreeSet<&'a str>, i32)>;

fn values<'v>(enumeration: &EnumDescriptorProto<'v>) -> Values<'v> {
    let mut values = Values::new();
    for (index, value) in (0..).zip(&enumeration.value) {
        values.entry(value.number()).or_insert_with(|| (BTreeSet::new(), index)).0.insert(value.name());
    }
    values
}

pub(super) fn same_type(pair: EnumPair<'_, '_>, report: &mut Report<'_>) {
    let ty = pair.map(|enumeration| if enumeration.features.closed() { "closed" } else { "open" });
    if ty.differ() {
        report.changed(
            pair,
            format!("enum `{}` changed from {} to {}", display_name(&pair.new.at.full_name), ty.old, ty.new),
        );
    }
}

pub(super) fn same_json_format(pair: EnumPair<'_, '_>, report: &mut Report<'_>) {
    if !pair.old.features.legacy_json() && pair.new.features.legacy_json() {
        let name = display_name(&pair.new.at.full_name);
        report.changed(pair, format!("JSON format of enum `{name}` changed from ALLOW to LEGACY_BEST_EFFORT"));
    }
}

pub(super) fn no_value_deleted(pair: EnumPair<'_, '_>, report: &mut Report<'_>) {
    values_deleted(pair, "", report, |_, _| false);
}

pub(super) fn no_value_deleted_unless_name_reserved(pair: EnumPair<'_, '_>, report: &mut Report<'_>) {
    values_deleted(pair, ", whose name is not reserved,", report, |_, names| {
        names.iter().all(|name| pair.new.descriptor.reserved_name.contains(&name.as_bytes()))
    });
}

pub(super) fn no_value_deleted_unless_number_reserved(pair: EnumPair<'_, '_>, report: &mut Report<'_>) {
    values_deleted(pair, ", whose number is not reserved,", report, |number, _| {
        reserved(&pair.new.descriptor).iter().any(|&(start, end)| start <= number && number <= end)
    });
}

/// Reports deleted values, except those that `may_be_deleted` by number and names.
fn values_deleted(
    pair: EnumPair<'_, '_>,
    unless: &str,
    report: &mut Report<'_>,
    may_be_deleted: impl Fn(i32, &BTreeSet<&str>) -> bool,
) {
    let remaining = values(&pair.new.descriptor);
    for (number, (names, index)) in values(&pair.old.descriptor) {
        if !remaining.contains_key(&number) && !may_be_deleted(number, &names) {
            let old = pair.old.location().below(&[VALUE, index]);
            let name = names.first().copied().unwrap_or_default();
            let message = format!(
                "value {number} {}{unless} was deleted from enum `{}`",
                quoted(&names),
                display_name(&pair.new.at.full_name)
            );
            report.push(&format!("{}.{name}", pair.old.at.full_name), Some(old), Some(pair.new.location()), message);
        }
    }
}

/// Reports numbers that lost a name. A number may gain names.
pub(super) fn same_value_names(pair: EnumPair<'_, '_>, report: &mut Report<'_>) {
    let new = values(&pair.new.descriptor);
    for (number, (old_names, old_index)) in values(&pair.old.descriptor) {
        let Some((names, index)) = new.get(&number).filter(|(names, _)| !old_names.is_subset(names)) else { continue };
        let name = format!("{}.{}", pair.new.at.full_name, names.first().copied().unwrap_or_default());
        let (from, to) = (quoted(&old_names), quoted(names));
        let message = format!(
            "value {number} of enum `{}` changed its name from {from} to {to}",
            display_name(&pair.new.at.full_name)
        );
        let old = pair.old.location().below(&[VALUE, old_index]);
        report.push(&name, Some(old), Some(pair.new.location().below(&[VALUE, *index])), message);
    }
}

pub(super) fn no_reserved_deleted(pair: EnumPair<'_, '_>, report: &mut Report<'_>) {
    let missing = ranges::missing(&reserved(&pair.old.descriptor), &reserved(&pair.new.descriptor));
    let name = display_name(&pair.new.at.full_name);
    if !missing.is_empty() {
        let missing = ranges::display(&missing, i32::MAX);
        report.changed(pair, format!("reserved numbers {missing} were deleted from enum `{name}`"));
    }
    for reserved in
        pair.old.descriptor.reserved_name.iter().filter(|name| !pair.new.descriptor.reserved_name.contains(name))
    {
        let reserved = String::from_utf8_lossy(reserved);
        report.changed(pair, format!("reserved name `{reserved}` was deleted from enum `{name}`"));
    }
}

fn reserved(enumeration: &EnumDescriptorProto<'_>) -> Vec<Range> {
    enumeration.reserved_range.iter().map(|range| (range.start, range.end)).collect()
}

fn quoted(names: &BTreeSet<&str>) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}
