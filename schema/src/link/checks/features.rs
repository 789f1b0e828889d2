//! Rules of features: which ones a field may set, and which ones exclude each other.

use super::super::elements::Element;
use super::super::features::{EDITION_2023, edition, own};
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use crate::file::{FieldDecl, Kind, Label};
use crate::{tags, wire};

/// The remedy for implicit presence.
const EXPLICIT: &str = "set `features.field_presence = EXPLICIT`";

pub(super) fn check(pool: &Pool<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    if edition(pool.syntax(id.file)) < EDITION_2023 {
        return;
    }
    let name = &field.name.value;
    let mut error = |text: String, help: &str| {
        report.error_with(field.name.span, text, |error| if help.is_empty() { error } else { error.help(help) });
    };
    if field.label.is_some_and(|label| label.value == Label::Required) {
        error(
            format!("field `{name}` has the label `required`, which editions do not have"),
            "use `features.field_presence = LEGACY_REQUIRED`",
        );
    }
    if field.kind == Some(Kind::Group) {
        error(
            format!("field `{name}` is a group, which editions do not have"),
            "use a message with `features.message_encoding = DELIMITED`",
        );
    }
    if wire::last_varint(pool.options(id), tags::field_options::PACKED).is_some() {
        error(
            format!("field `{name}` has the option `packed`, which editions do not have"),
            "use `features.repeated_field_encoding`",
        );
    }
    let link = pool.link(id);
    if !pool.is_repeated(id) && !pool.has_presence(id) {
        if field.default.is_some() {
            error(format!("field `{name}` with implicit presence cannot have a default"), EXPLICIT);
        }
        if link.kind == Some(Kind::Enum) && link.target.is_some_and(|target| pool.is_closed(target)) {
            error(format!("field `{name}` of a closed enum cannot have implicit presence"), EXPLICIT);
        }
    }
    if pool.is_extension(id) && pool.is_required(id) {
        error(format!("extension `{name}` cannot be required"), "");
    }
    if pool.parent_is_map_entry(id) {
        return;
    }
    let Some(own) = own(Element::Field(field), pool.options(id)) else { return };
    let is_message = matches!(link.kind, Some(Kind::Message | Kind::Group));
    if own.sets_presence() {
        if pool.oneof(id).is_some() {
            error(
                format!("field `{name}` of a oneof sets `field_presence`"),
                "remove the feature: members of a oneof always have explicit presence",
            );
        } else if pool.is_repeated(id) {
            error(format!("field `{name}` sets `field_presence`, but is repeated"), "remove the feature");
        } else if pool.is_extension(id) && !own.required() {
            error(
                format!("extension `{name}` sets `field_presence`"),
                "remove the feature: extensions always have explicit presence",
            );
        } else if is_message && own.implicit() {
            error(format!("message field `{name}` cannot have implicit presence"), "remove the feature");
        }
    }
    if !pool.is_repeated(id) && own.sets_repeated_encoding() {
        error(format!("field `{name}` sets `repeated_field_encoding`, but is not repeated"), "remove the feature");
    }
    if own.sets_utf8_validation() && link.kind != Some(Kind::String) && !is_string_map(pool, id) {
        error(format!("field `{name}` sets `utf8_validation`, but is not a string"), "remove the feature");
    }
    if own.packed() && !pool.is_packable(id) {
        error(format!("field `{name}` is packed, but is not a repeated number, bool or enum"), "remove the feature");
    }
    if own.sets_message_encoding() && (!is_message || pool.is_map(id)) {
        error(format!("field `{name}` sets `message_encoding`, but is not a message"), "remove the feature");
    }
}

fn is_string_map(pool: &Pool<'_>, id: Id) -> bool {
    let entry = pool.link(id).target.filter(|_| pool.is_map(id));
    entry
        .and_then(|entry| pool.message(entry))
        .is_some_and(|entry| entry.fields.iter().any(|field| field.kind == Some(Kind::String)))
}
