//! Refuses what proto3 does not have.

use super::super::elements::{Element, FILE, number};
use super::super::report::Report;
use super::super::symbols::Id;
use super::super::world::World;
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

/// Checks a file in the order in which protoc does it: extensions first, and what is in a message before the message.
pub(super) fn check(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    let elements = &world.files[file as usize];
    for (index, entry) in elements.entries.iter().enumerate() {
        if let (Element::Extension(field), FILE) = (entry.element, entry.parent) {
            check_field(world, Id { file, element: number(index) }, field, report);
        }
    }
    for element in elements.messages(FILE) {
        check_message(world, Id { file, element }, report);
    }
}

fn check_message(world: &World<'_>, id: Id, report: &mut Report<'_>) {
    let Element::Message(message, members) = world.entry(id).element else { return };
    for element in world.files[id.file as usize].messages(id.element) {
        check_message(world, Id { element, ..id }, report);
    }
    for (first, fields) in [(members.fields, &message.fields), (members.extensions, &message.extensions)] {
        for (index, field) in fields.iter().enumerate() {
            check_field(world, Id { element: first + number(index), ..id }, field, report);
        }
    }
    let name = &message.name.value;
    if let Some(range) = message.extension_ranges.first() {
        let text = format!("message `{name}` has extension numbers, which proto3 does not allow");
        report.error_with(range.range.start.span, text, |error| error.help("use `google.protobuf.Any`"));
    }
    if world.is_message_set(id) {
        report.error(message.name.span, format!("message `{name}` is a message set, which proto3 does not allow"));
    }
}

fn check_field(world: &World<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    if !world.is_resolved(id) {
        return;
    }
    let name = &field.name.value;
    if world.is_extension(id) {
        let extended = world.container(id).map(|id| world.full_name(id)).unwrap_or_default();
        let options = extended.strip_prefix("google.protobuf.").or_else(|| extended.strip_prefix("proto2."));
        if !options.is_some_and(|name| OPTIONS.contains(&name)) {
            let span = field.extendee.as_ref().map(|extendee| extendee.span).unwrap_or_default();
            report.error(span, format!("proto3 extends only the options of descriptor.proto, not `{extended}`"));
        }
    }
    if world.is_required(id) {
        report.error(field.type_span, format!("field `{name}` is required, which proto3 does not allow"));
    }
    if let Some(default) = &field.default {
        report.error_with(
            default.span,
            format!("field `{name}` has a default, which proto3 does not allow"),
            |error| error.help("the default is zero, false or empty"),
        );
    }
    let link = world.link(id);
    if let (Some(Kind::Enum), Some(target)) = (link.kind, link.target)
        && world.is_closed(target)
    {
        let text = format!("enum `{}` is closed, and proto3 takes only open enums", world.full_name(target));
        let place = super::super::report::position(world.file(target.file), world.entry(target).span());
        report.error_with(field.type_span, text, |error| {
            error.note(place, "declared here").help("declare it in a file of proto3, or this message in one of proto2")
        });
    }
    if link.kind == Some(Kind::Group) {
        report.error(field.type_span, format!("field `{name}` is a group, which proto3 does not allow"));
    }
}
