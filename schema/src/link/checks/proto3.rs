//! Refuses what proto3 does not have.

use super::super::elements::{Element, FILE, as_u32};
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use crate::file::{FieldDecl, Kind};

/// The messages of descriptor.proto that proto3 can extend.
const OPTIONS: [&str; 9] = [
    "FileOptions",
    "MessageOptions",
    "FieldOptions",
    "EnumOptions",
    "EnumValueOptions",
    "ServiceOptions",
    "MethodOptions",
    "OneofOptions",
    "ExtensionRangeOptions",
];

/// Checks a file in protoc's order: extensions first, and nested messages before their parents.
pub(super) fn check(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    let elements = &pool.files[file as usize];
    for (index, entry) in elements.entries.iter().enumerate() {
        if let (Element::Extension(field), FILE) = (entry.element, entry.parent) {
            check_field(pool, Id { file, element: as_u32(index) }, field, report);
        }
    }
    for element in elements.messages(FILE) {
        check_message(pool, Id { file, element }, report);
    }
}

fn check_message(pool: &Pool<'_>, id: Id, report: &mut Report<'_>) {
    let Element::Message(message, members) = pool.entry(id).element else { return };
    for element in pool.files[id.file as usize].messages(id.element) {
        check_message(pool, Id { element, ..id }, report);
    }
    for (first, fields) in [(members.fields, &message.fields), (members.extensions, &message.extensions)] {
        for (index, field) in fields.iter().enumerate() {
            check_field(pool, Id { element: first + as_u32(index), ..id }, field, report);
        }
    }
    let name = &message.name.value;
    if let Some(range) = message.extension_ranges.first() {
        let text = format!("message `{name}` has extension ranges, which proto3 does not allow");
        report.error_with(range.range.start.span, text, |error| error.help("use `google.protobuf.Any`"));
    }
    if pool.is_message_set(id) {
        report.error(message.name.span, format!("message `{name}` is a message set, which proto3 does not allow"));
    }
}

fn check_field(pool: &Pool<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    if !pool.is_resolved(id) {
        return;
    }
    let name = &field.name.value;
    if pool.is_extension(id) {
        let extended = pool.container(id).map(|id| pool.full_name(id)).unwrap_or_default();
        let options = extended.strip_prefix("google.protobuf.").or_else(|| extended.strip_prefix("proto2."));
        if !options.is_some_and(|name| OPTIONS.contains(&name)) {
            let span = field.extendee.as_ref().map(|extendee| extendee.span).unwrap_or_default();
            report.error(span, format!("proto3 can only extend the options of descriptor.proto, not `{extended}`"));
        }
    }
    if pool.is_required(id) {
        report.error(field.type_span, format!("field `{name}` is required, which proto3 does not allow"));
    }
    if let Some(default) = &field.default {
        report.error_with(
            default.span,
            format!("field `{name}` has a default, which proto3 does not allow"),
            |error| error.help("the defaults of proto3 are 0, false and empty"),
        );
    }
    let link = pool.link(id);
    if let (Some(Kind::Enum), Some(target)) = (link.kind, link.target)
        && pool.is_closed(target)
    {
        let text = format!("enum `{}` is closed, but proto3 only allows open enums", pool.full_name(target));
        let place = super::super::report::position(pool.file(target.file), pool.entry(target).span());
        report.error_with(field.type_span, text, |error| {
            error.note(place, "declared here").help("move the enum to a proto3 file, or this message to a proto2 file")
        });
    }
    if link.kind == Some(Kind::Group) {
        report.error(field.type_span, format!("field `{name}` is a group, which proto3 does not allow"));
    }
}
