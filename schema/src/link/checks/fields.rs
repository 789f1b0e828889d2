//! Rules of fields: options that depend on the type, message sets, and extensions.

use super::super::features::{EDITION_2024, edition};
use super::super::json_names::json_name;
use super::super::pool::Pool;
use super::super::report::Report;
use super::super::symbols::Id;
use super::declared_extensions::{self, Declarations};
use super::{features, maps, support};
use crate::file::{FieldDecl, Kind};
use crate::wire;

const CTYPE: i32 = 1;
const PACKED: i32 = 2;
const LAZY: i32 = 5;
const JSTYPE: i32 = 6;
const UNVERIFIED_LAZY: i32 = 15;

pub(super) fn check(
    pool: &Pool<'_>,
    id: Id,
    field: &FieldDecl,
    declarations: &mut Declarations,
    report: &mut Report<'_>,
) {
    support::check_field(pool, id, report);
    features::check(pool, id, field, report);
    let options = pool.options(id);
    if wire::last_varint(options, CTYPE).is_some() && edition(pool.syntax(id.file)) >= EDITION_2024 {
        report.error_with(field.type_span, "option `ctype` was removed in edition 2024", |error| {
            error.help("use the feature `(pb.cpp).string_type`")
        });
    }
    if !options.is_empty() {
        options_of_types(pool, id, field, report);
    }
    message_set(pool, id, field, report);
    lite(pool, id, field, report);
    if pool.kind(id) == Some(Kind::Group) && pool.link(id).target.is_some_and(|target| pool.is_map_entry(target)) {
        report.error(field.type_span, format!("map field `{}` cannot be a group", field.name.value));
    }
    maps::check(pool, id, field, report);
    jstype(pool, id, field, report);
    if let Some(name) = &field.json_name {
        if pool.is_extension(id) && name.value != json_name(&field.name.value).as_bytes() {
            report.error(name.span, format!("extension `{}` cannot have a `json_name`", field.name.value));
        }
        if name.value.contains(&0) {
            report.error(name.span, format!("the `json_name` of field `{}` contains a NUL", field.name.value));
        }
    }
    if pool.is_extension(id) {
        declared_extensions::check(pool, id, field, declarations, report);
    }
}

fn options_of_types(pool: &Pool<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    let name = &field.name.value;
    let set = |option| wire::last_varint(pool.options(id), option) == Some(1);
    if set(LAZY) || set(UNVERIFIED_LAZY) {
        if pool.kind(id) != Some(Kind::Message) {
            report.error(field.type_span, format!("field `{name}` is lazy, but is not a message"));
        }
        if set(UNVERIFIED_LAZY) && pool.is_extension(id) {
            report.error(field.type_span, format!("extension `{name}` cannot be `unverified_lazy`"));
        }
    }
    if set(PACKED) && !pool.is_packable(id) {
        let text = format!("field `{name}` is packed, but is not a repeated number, bool or enum");
        report.error_with(field.type_span, text, |error| error.help("remove `packed = true`"));
    }
}

fn message_set(pool: &Pool<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    let Some(container) = pool.container(id).filter(|&container| pool.is_message_set(container)) else { return };
    let (name, set) = (&field.name.value, pool.full_name(container));
    if !pool.is_extension(id) {
        report.error(field.name.span, format!("message set `{set}` has field `{name}`, but can only have extensions"));
    } else if pool.is_required(id) || pool.is_repeated(id) || pool.kind(id) != Some(Kind::Message) {
        let text = format!("extension `{name}` of message set `{set}` must be an optional message");
        report.error(field.type_span, text);
    }
}

fn lite(pool: &Pool<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    if !pool.is_lite(id.file) || !pool.is_extension(id) {
        return;
    }
    if let Some(container) = pool.container(id).filter(|container| !pool.is_lite(container.file)) {
        let span = field.extendee.as_ref().map(|extendee| extendee.span).unwrap_or_default();
        let name = pool.full_name(container);
        let text = format!("`{name}` is not for the lite runtime, so a file for the lite runtime cannot extend it");
        report.error(span, text);
    }
}

fn jstype(pool: &Pool<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    if wire::last_varint(pool.options(id), JSTYPE).is_none_or(|jstype| jstype == 0) {
        return;
    }
    let wide =
        matches!(pool.link(id).kind, Some(Kind::Uint64 | Kind::Int64 | Kind::Sint64 | Kind::Fixed64 | Kind::Sfixed64));
    if !wide {
        let text = format!("field `{}` sets `jstype`, but is not a 64-bit integer", field.name.value);
        report.error(field.type_span, text);
    }
}
