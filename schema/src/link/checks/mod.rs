//! The rules of protoc, grouped by subject. Each reports everything that breaks it.

mod clashes;
mod declarations;
mod declared_extensions;
mod enums;
mod features;
mod fields;
mod file;
mod imports;
mod lifetimes;
mod limits;
mod maps;
mod naming;
mod oneofs;
mod proto3;
mod ranges;
mod support;
mod targets;
mod visibility;

use super::elements::Element;
use super::json_names;
use super::report::Report;
use super::world::World;

pub(super) use clashes::{between_files as clashes, extensions};
pub(super) use declarations::declarations;
pub(super) use imports::unused as unused_imports;
pub(super) use oneofs::oneofs;
pub(super) use targets::named;
pub(super) use visibility::visibility;

/// Checks the rules that need options and features, in the order in which protoc does it. Names that stand for nothing are
/// left out.
pub(super) fn rules(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    let mut declarations = declared_extensions::Declarations::default();
    world.each(file, |id, element| match element {
        Element::File(item) => file::check(world, file, item, report),
        Element::Message(message, members) => {
            json_names::check(world, id, message, report);
            declared_extensions::check_ranges(world, id, message, members, report);
        }
        Element::Field(field) | Element::Extension(field) if world.is_resolved(id) => {
            fields::check(world, id, field, &mut declarations, report);
        }
        Element::Enum(item) => enums::check(world, id, item, report),
        Element::Value(value) => {
            support::check_value(world, id, report);
            enums::check_value(world, id, value, report);
        }
        Element::Service(service) => file::check_service(world, file, service, report),
        _ => {}
    });
    // The features that switch these off are those that only compilers read: who made a descriptor has dropped them.
    if world.file(file).encoded.is_none() {
        naming::check(world, file, report);
        limits::check(world, file, report);
        visibility::nested(world, file, report);
    }
    lifetimes::check(world, file, report);
}
