//! Features that proto3 does not have.

use super::super::elements::Element;
use super::super::report::Report;
use super::super::symbols::Id;
use super::super::world::World;
use crate::file::{FieldDecl, Kind, MessageDecl};

/// The messages of descriptor.proto that proto3 extends.
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

pub(super) fn check(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    world.each(file, |id, element| match element {
        Element::Field(field) | Element::Extension(field) if world.is_resolved(id) => {
            check_field(world, id, field, report);
        }
        Element::Message(message, _) => check_message(world, id, message, report),
        _ => {}
    });
}

fn check_message(world: &World<'_>, id: Id, message: &MessageDecl, report: &mut Report<'_>) {
    let name = &message.name.value;
    if let Some(range) = message.extension_ranges.first() {
        let text = format!("message `{name}` has extension numbers, which proto3 has not");
        report.error_with(range.range.start.span, text, |error| error.help("use `google.protobuf.Any`"));
    }
    if world.is_message_set(id) {
        report.error(message.name.span, format!("message `{name}` is a message set, which proto3 has not"));
    }
}

fn check_field(world: &World<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
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
        report.error(field.type_span, format!("field `{name}` is required, which proto3 has not"));
    }
    if let Some(default) = &field.default {
        report.error_with(default.span, format!("field `{name}` has a default, which proto3 has not"), |error| {
            error.help("the default is zero, false or empty")
        });
    }
    let link = world.link(id);
    if let (Some(Kind::Enum), Some(target)) = (link.kind, link.target)
        && world.is_closed(target)
    {
        let text = format!("enum `{}` is closed, and so is none for proto3", world.full_name(target));
        let place = super::super::report::position(world.file(target.file), world.entry(target).span());
        report.error_with(field.type_span, text, |error| {
            error.note(place, "declared here").help("declare it in a file of proto3, or this message in one of proto2")
        });
    }
    if link.kind == Some(Kind::Group) {
        report.error(field.type_span, format!("field `{name}` is a group, which proto3 has not"));
    }
}
