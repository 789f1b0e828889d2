//! The rules about messages that both versions have, and about what is deleted from them.

use std::collections::BTreeSet;

use rgrpc_schema::descriptor::{DescriptorProto, FieldDescriptorProto, Label, OneofDescriptorProto};
use rgrpc_schema::full_name::display_name;
use rgrpc_schema::schema::Message;
use rgrpc_schema::tags::message::{FIELD, ONEOF, OPTIONS};
use rgrpc_schema::tags::message_options::NO_STANDARD_DESCRIPTOR_ACCESSOR;
use rgrpc_schema::wire::MAX_NUMBER;

use super::elements::Located;
use super::ranges::{self, Range};
use super::report::Report;
use super::versions::Versions;

type MessagePair<'p, 'v> = &'p Versions<&'v Message<'v>>;

pub(super) fn no_field_deleted(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    fields_deleted(pair, report, |field| (false, format!("field {} `{}`", field.number(), field.name())));
}

pub(super) fn no_field_deleted_unless_name_reserved(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    fields_deleted(pair, report, |field| {
        let is_reserved = pair.new.descriptor.reserved_name.contains(&field.name().as_bytes());
        (is_reserved, format!("field {} `{}`, whose name is not reserved,", field.number(), field.name()))
    });
}

pub(super) fn no_field_deleted_unless_number_reserved(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    fields_deleted(pair, report, |field| {
        let ranges = reserved(&pair.new.descriptor);
        let is_reserved = ranges.iter().any(|&(start, end)| start <= field.number() && field.number() <= end);
        (is_reserved, format!("field {} `{}`, whose number is not reserved,", field.number(), field.name()))
    });
}

/// Reports deleted fields. `judge` returns whether a field may be deleted, and the words for it.
fn fields_deleted(
    pair: MessagePair<'_, '_>,
    report: &mut Report<'_>,
    judge: impl Fn(&FieldDescriptorProto<'_>) -> (bool, String),
) {
    let remaining: BTreeSet<i32> = pair.new.descriptor.field.iter().map(FieldDescriptorProto::number).collect();
    for (index, field) in (0..).zip(&pair.old.descriptor.field) {
        let (may_be_deleted, words) = judge(field);
        if !remaining.contains(&field.number()) && !may_be_deleted {
            let name = format!("{}.{}", pair.old.at.full_name, field.name());
            let message = format!("{words} was deleted from message `{}`", display_name(&pair.new.at.full_name));
            report.push(&name, Some(pair.old.location().below(&[FIELD, index])), Some(pair.new.location()), message);
        }
    }
}

/// Reports deleted oneofs, except the synthetic ones of proto3 `optional`.
pub(super) fn no_oneof_deleted(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    let remaining: BTreeSet<&str> = pair.new.descriptor.oneof_decl.iter().map(OneofDescriptorProto::name).collect();
    for (index, oneof) in (0..).zip(&pair.old.descriptor.oneof_decl) {
        let mut members = pair.old.descriptor.field.iter().filter(|field| field.oneof_index == Some(index));
        let is_synthetic = members.any(|field| field.proto3_optional);
        if !remaining.contains(oneof.name()) && !is_synthetic {
            let name = format!("{}.{}", pair.old.at.full_name, oneof.name());
            let message =
                format!("oneof `{}` was deleted from message `{}`", oneof.name(), display_name(&pair.new.at.full_name));
            report.push(&name, Some(pair.old.location().below(&[ONEOF, index])), Some(pair.new.location()), message);
        }
    }
}

pub(super) fn no_reserved_deleted(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    let numbers = pair.map(|message| reserved(&message.descriptor));
    ranges_deleted(pair, &numbers, "reserved numbers", report);
    for name in
        pair.old.descriptor.reserved_name.iter().filter(|name| !pair.new.descriptor.reserved_name.contains(name))
    {
        let name = String::from_utf8_lossy(name);
        let message =
            format!("reserved name `{name}` was deleted from message `{}`", display_name(&pair.new.at.full_name));
        report.changed(pair, message);
    }
}

pub(super) fn no_extension_range_deleted(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    let numbers = pair.map(|message| -> Vec<Range> {
        let ranges = message.descriptor.extension_range.iter().map(|extension_range| extension_range.range);
        ranges.map(|range| (range.start, range.end.saturating_sub(1))).collect()
    });
    ranges_deleted(pair, &numbers, "extension numbers", report);
}

fn ranges_deleted(pair: MessagePair<'_, '_>, numbers: &Versions<Vec<Range>>, kind: &str, report: &mut Report<'_>) {
    let missing = ranges::missing(&numbers.old, &numbers.new);
    if !missing.is_empty() {
        let missing = ranges::display(&missing, MAX_NUMBER);
        report.changed(
            pair,
            format!("{kind} {missing} were deleted from message `{}`", display_name(&pair.new.at.full_name)),
        );
    }
}

fn reserved(message: &DescriptorProto<'_>) -> Vec<Range> {
    // The end of a message's reserved range is exclusive.
    message.reserved_range.iter().map(|range| (range.start, range.end.saturating_sub(1))).collect()
}

pub(super) fn keeps_descriptor_accessor(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    let removed = pair.map(|message| message.descriptor.options.flag(NO_STANDARD_DESCRIPTOR_ACCESSOR) == Some(true));
    if removed.new && removed.differ() {
        let name = display_name(&pair.new.at.full_name);
        let message = format!("message `{name}` set the option `no_standard_descriptor_accessor`");
        report.changed_at(pair, &[OPTIONS, NO_STANDARD_DESCRIPTOR_ACCESSOR], message);
    }
}

pub(super) fn same_json_format(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    if !pair.old.features.legacy_json() && pair.new.features.legacy_json() {
        let name = display_name(&pair.new.at.full_name);
        report.changed(pair, format!("JSON format of message `{name}` changed from ALLOW to LEGACY_BEST_EFFORT"));
    }
}

pub(super) fn same_required_fields(pair: MessagePair<'_, '_>, report: &mut Report<'_>) {
    let required = pair.map(|message| -> BTreeSet<i32> {
        let fields = message.descriptor.field.iter().filter(|field| field.label() == Label::Required);
        fields.map(FieldDescriptorProto::number).collect()
    });
    let name = display_name(&pair.new.at.full_name);
    for number in required.old.difference(&required.new) {
        report.changed(pair, format!("message `{name}` no longer requires field {number}, but old readers do"));
    }
    for number in required.new.difference(&required.old) {
        report.changed(pair, format!("message `{name}` requires field {number}, but old writers may not send it"));
    }
}
