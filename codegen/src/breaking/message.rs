//! Messages that both versions have: what of them was deleted, and what each has to keep.

use std::collections::BTreeSet;

use super::elements::{Element, shown};
use super::ranges::{self, Range};
use super::report::{Both, Report};
use crate::descriptor::google::protobuf::feature_set::JsonFormat;
use crate::descriptor::google::protobuf::field_descriptor_proto::Label;
use crate::descriptor::google::protobuf::{
    DescriptorProto, FieldDescriptorProto, MessageOptions, OneofDescriptorProto,
};

type Pair<'p, 'a> = &'p Both<&'p Element<'a, DescriptorProto>>;

/// Field numbers of `DescriptorProto` and `MessageOptions`.
const FIELD: i32 = 2;
const OPTIONS: i32 = 7;
const ONEOF: i32 = 8;
const NO_STANDARD_DESCRIPTOR_ACCESSOR: i32 = 2;

/// The last number that a field can have.
const MAX: i32 = (1 << 29) - 1;

pub(super) fn no_field_deleted(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    fields_deleted(pair, report, |field| (false, format!("field {} `{}`", field.number(), field.name())));
}

pub(super) fn no_field_deleted_unless_name_reserved(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    fields_deleted(pair, report, |field| {
        let is_reserved = pair.new.proto.reserved_name.iter().any(|name| name == field.name());
        (is_reserved, format!("field {} `{}`, whose name is not reserved,", field.number(), field.name()))
    });
}

pub(super) fn no_field_deleted_unless_number_reserved(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    fields_deleted(pair, report, |field| {
        let ranges = reserved(pair.new.proto);
        let is_reserved = ranges.iter().any(|&(start, end)| start <= field.number() && field.number() <= end);
        (is_reserved, format!("field {} `{}`, whose number is not reserved,", field.number(), field.name()))
    });
}

/// `judge` says whether a field may go, and what to call it.
fn fields_deleted(
    pair: Pair<'_, '_>,
    report: &mut Report<'_>,
    judge: impl Fn(&FieldDescriptorProto) -> (bool, String),
) {
    let left: BTreeSet<i32> = pair.new.proto.field.iter().map(FieldDescriptorProto::number).collect();
    for (index, field) in (0..).zip(&pair.old.proto.field) {
        let (may_go, what) = judge(field);
        if !left.contains(&field.number()) && !may_go {
            let name = format!("{}.{}", pair.old.name, field.name());
            let message = format!("{what} was deleted from message `{}`", shown(&pair.new.name));
            report.push(&name, Some(pair.old.place.below(&[FIELD, index])), Some(pair.new.place.clone()), message);
        }
    }
}

/// The oneof of a proto3 `optional` is none.
pub(super) fn no_oneof_deleted(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let left: BTreeSet<&str> = pair.new.proto.oneof_decl.iter().map(OneofDescriptorProto::name).collect();
    for (index, oneof) in (0..).zip(&pair.old.proto.oneof_decl) {
        let mut members = pair.old.proto.field.iter().filter(|field| field.oneof_index == Some(index));
        let is_synthetic = members.any(FieldDescriptorProto::proto3_optional);
        if !left.contains(oneof.name()) && !is_synthetic {
            let name = format!("{}.{}", pair.old.name, oneof.name());
            let message = format!("oneof `{}` was deleted from message `{}`", oneof.name(), shown(&pair.new.name));
            report.push(&name, Some(pair.old.place.below(&[ONEOF, index])), Some(pair.new.place.clone()), message);
        }
    }
}

pub(super) fn no_reserved_deleted(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let numbers = pair.map(|message| reserved(message.proto));
    ranges_deleted(pair, &numbers, "reserved numbers", report);
    for name in pair.old.proto.reserved_name.iter().filter(|name| !pair.new.proto.reserved_name.contains(name)) {
        let message = format!("reserved name `{name}` was deleted from message `{}`", shown(&pair.new.name));
        report.changed(pair, message);
    }
}

pub(super) fn no_extension_range_deleted(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let numbers = pair.map(|message| -> Vec<Range> {
        let ranges = message.proto.extension_range.iter();
        ranges.map(|range| (range.start(), range.end().saturating_sub(1))).collect()
    });
    ranges_deleted(pair, &numbers, "numbers for extensions", report);
}

fn ranges_deleted(pair: Pair<'_, '_>, numbers: &Both<Vec<Range>>, what: &str, report: &mut Report<'_>) {
    let missing = ranges::missing(&numbers.old, &numbers.new);
    if !missing.is_empty() {
        let missing = ranges::shown(&missing, MAX);
        report.changed(pair, format!("{what} {missing} were deleted from message `{}`", shown(&pair.new.name)));
    }
}

fn reserved(message: &DescriptorProto) -> Vec<Range> {
    // The end of a range of a message is not part of it.
    message.reserved_range.iter().map(|range| (range.start(), range.end().saturating_sub(1))).collect()
}

pub(super) fn keeps_descriptor_accessor(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let removed = pair
        .map(|message| message.proto.options.as_deref().is_some_and(MessageOptions::no_standard_descriptor_accessor));
    if removed.new && removed.differ() {
        let name = shown(&pair.new.name);
        let message = format!("message `{name}` set the option `no_standard_descriptor_accessor`");
        report.changed_at(pair, &[OPTIONS, NO_STANDARD_DESCRIPTOR_ACCESSOR], message);
    }
}

pub(super) fn same_json_format(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let format = pair.map(|message| message.features.json_format());
    if format.old == JsonFormat::Allow && format.differ() {
        let (name, format) = (shown(&pair.new.name), format.map(JsonFormat::as_str_name));
        report.changed(pair, format!("JSON of message `{name}` changed from {} to {}", format.old, format.new));
    }
}

pub(super) fn same_required_fields(pair: Pair<'_, '_>, report: &mut Report<'_>) {
    let required = pair.map(|message| -> BTreeSet<i32> {
        let fields = message.proto.field.iter().filter(|field| field.label() == Label::Required);
        fields.map(FieldDescriptorProto::number).collect()
    });
    let name = shown(&pair.new.name);
    for number in required.old.difference(&required.new) {
        report.changed(pair, format!("message `{name}` no longer requires field {number}, which old readers miss"));
    }
    for number in required.new.difference(&required.old) {
        report.changed(pair, format!("message `{name}` requires field {number}, which old writers do not send"));
    }
}
