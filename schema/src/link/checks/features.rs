//! Rules of features: which ones a field may set, and which ones exclude each other.

use super::super::elements::Element;
use super::super::features::{EDITION_2023, edition, own};
use super::super::report::Report;
use super::super::symbols::Id;
use super::super::world::World;
use crate::file::{FieldDecl, Kind, Label};
use crate::wire;

pub(super) fn check(world: &World<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    if edition(world.syntax(id.file)) < EDITION_2023 {
        return;
    }
    let name = &field.name.value;
    let mut error = |text: String, help: &str| {
        report.error_with(field.name.span, text, |error| if help.is_empty() { error } else { error.help(help) });
    };
    if field.label.is_some_and(|label| label.value == Label::Required) {
        error(format!("field `{name}` is labelled `required`"), "use `features.field_presence = LEGACY_REQUIRED`");
    }
    if field.kind == Some(Kind::Group) {
        error(format!("field `{name}` is a group"), "use a message with `features.message_encoding = DELIMITED`");
    }
    if wire::last_varint(world.options(id), 2).is_some() {
        error(
            format!("field `{name}` has the option `packed`, which is not of editions"),
            "use `features.repeated_field_encoding`",
        );
    }
    let link = world.link(id);
    if !world.is_repeated(id) && !world.has_presence(id) {
        if field.default.is_some() {
            error(format!("field `{name}` has a default, but implicit presence"), "make its presence explicit");
        }
        if link.kind == Some(Kind::Enum) && link.target.is_some_and(|target| world.is_closed(target)) {
            error(format!("field `{name}` of a closed enum has implicit presence"), "make its presence explicit");
        }
    }
    if world.is_extension(id) && world.is_required(id) {
        error(format!("extension `{name}` is required, which no extension can be"), "");
    }
    if world.parent_is_map_entry(id) {
        return;
    }
    let Some(own) = own(Element::Field(field), world.options(id)) else { return };
    let is_message = matches!(link.kind, Some(Kind::Message | Kind::Group));
    if own.sets_presence() {
        if world.oneof(id).is_some() {
            error(
                format!("field `{name}` of a oneof sets `field_presence`"),
                "remove the feature: a oneof knows what is set",
            );
        } else if world.is_repeated(id) {
            error(format!("field `{name}` sets `field_presence`, but is repeated"), "remove the feature");
        } else if world.is_extension(id) && !own.required() {
            error(format!("extension `{name}` sets `field_presence`"), "remove the feature: it is always explicit");
        } else if is_message && own.implicit() {
            error(format!("field `{name}` is a message, whose presence is always explicit"), "remove the feature");
        }
    }
    if !world.is_repeated(id) && own.sets_repeated_encoding() {
        error(format!("field `{name}` sets `repeated_field_encoding`, but is not repeated"), "remove the feature");
    }
    if own.sets_utf8_validation() && link.kind != Some(Kind::String) && !is_string_map(world, id) {
        error(format!("field `{name}` sets `utf8_validation`, but is not a string"), "remove the feature");
    }
    if own.packed() && !world.is_packable(id) {
        error(format!("field `{name}` is packed, but not a list of numbers"), "remove the feature");
    }
    if own.sets_message_encoding() && (!is_message || world.is_map(id)) {
        error(format!("field `{name}` sets `message_encoding`, but is not a message"), "remove the feature");
    }
}

fn is_string_map(world: &World<'_>, id: Id) -> bool {
    let entry = world.link(id).target.filter(|_| world.is_map(id));
    entry
        .and_then(|entry| world.message(entry))
        .is_some_and(|entry| entry.fields.iter().any(|field| field.kind == Some(Kind::String)))
}
