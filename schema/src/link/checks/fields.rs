//! Rules of fields: options that depend on the type, message sets, and extensions.

use super::super::features::{EDITION_2024, edition};
use super::super::json_names::json_name;
use super::super::report::Report;
use super::super::symbols::Id;
use super::super::world::World;
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
    world: &World<'_>,
    id: Id,
    field: &FieldDecl,
    declarations: &mut Declarations,
    report: &mut Report<'_>,
) {
    support::check_field(world, id, report);
    features::check(world, id, field, report);
    let options = world.options(id);
    if wire::last_varint(options, CTYPE).is_some() && edition(world.syntax(id.file)) >= EDITION_2024 {
        report.error_with(field.type_span, "option `ctype` ends with edition 2024", |error| {
            error.help("use the feature `(pb.cpp).string_type`")
        });
    }
    if !options.is_empty() {
        options_of_types(world, id, field, report);
    }
    message_set(world, id, field, report);
    lite(world, id, field, report);
    if world.kind(id) == Some(Kind::Group) && world.link(id).target.is_some_and(|target| world.is_map_entry(target)) {
        report.error(field.type_span, format!("field `{}` is a group of the entry of a map", field.name.value));
    }
    maps::check(world, id, field, report);
    jstype(world, id, field, report);
    if let Some(name) = &field.json_name {
        if world.is_extension(id) && name.value != json_name(&field.name.value).as_bytes() {
            report.error(name.span, format!("extension `{}` has a `json_name`, which is for fields", field.name.value));
        }
        if name.value.contains(&0) {
            report.error(name.span, format!("the `json_name` of field `{}` has a NUL in it", field.name.value));
        }
    }
    if world.is_extension(id) {
        declared_extensions::check(world, id, field, declarations, report);
    }
}

fn options_of_types(world: &World<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    let name = &field.name.value;
    let set = |option| wire::last_varint(world.options(id), option) == Some(1);
    if set(LAZY) || set(UNVERIFIED_LAZY) {
        if world.kind(id) != Some(Kind::Message) {
            report.error(field.type_span, format!("field `{name}` is lazy, but not a message"));
        }
        if set(UNVERIFIED_LAZY) && world.is_extension(id) {
            report.error(field.type_span, format!("extension `{name}` is `unverified_lazy`, which is for fields"));
        }
    }
    if set(PACKED) && !world.is_packable(id) {
        let text = format!("field `{name}` is packed, but not a list of numbers");
        report.error_with(field.type_span, text, |error| error.help("remove `packed = true`"));
    }
}

fn message_set(world: &World<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    let Some(container) = world.container(id).filter(|&container| world.is_message_set(container)) else { return };
    let (name, set) = (&field.name.value, world.full_name(container));
    if !world.is_extension(id) {
        report.error(field.name.span, format!("message set `{set}` has field `{name}`, and can only have extensions"));
    } else if world.is_required(id) || world.is_repeated(id) || world.kind(id) != Some(Kind::Message) {
        report.error(field.type_span, format!("extension `{name}` of message set `{set}` is not an optional message"));
    }
}

fn lite(world: &World<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    if !world.is_lite(id.file) || !world.is_extension(id) {
        return;
    }
    if let Some(container) = world.container(id).filter(|container| !world.is_lite(container.file)) {
        let span = field.extendee.as_ref().map(|extendee| extendee.span).unwrap_or_default();
        let text = format!("this file is for the lite runtime, and `{}` is not", world.full_name(container));
        report.error(span, text);
    }
}

fn jstype(world: &World<'_>, id: Id, field: &FieldDecl, report: &mut Report<'_>) {
    if wire::last_varint(world.options(id), JSTYPE).is_none_or(|jstype| jstype == 0) {
        return;
    }
    let wide =
        matches!(world.link(id).kind, Some(Kind::Uint64 | Kind::Int64 | Kind::Sint64 | Kind::Fixed64 | Kind::Sfixed64));
    if !wide {
        let text = format!("field `{}` has a `jstype`, which is for integers of 64 bits", field.name.value);
        report.error(field.type_span, text);
    }
}
