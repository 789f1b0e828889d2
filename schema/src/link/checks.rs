//! The rules of protoc, by what they are about; each reports all that breaks it.

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

pub(super) use clashes::{between_files as clashes, extensions};
pub(super) use declarations::declarations;
pub(super) use imports::unused as unused_imports;
pub(super) use oneofs::oneofs;
pub(super) use targets::named;
pub(super) use visibility::visibility;

use super::elements::{Element, number};
use super::json_names;
use super::report::Report;
use super::symbols::Id;
use super::world::World;

/// Checks what can only be checked once options and features are known, in the order in which protoc does it: a rule of a
/// later group is not checked in a file that breaks one of an earlier group.
pub(super) fn rules(world: &World<'_>, file: u32, report: &mut Report<'_>) {
    each(world, file, |id, element| match element {
        Element::File(item) => file::check(world, file, item, report),
        Element::Message(message, members) => {
            json_names::check(world, id, message, report);
            declared_extensions::check_ranges(world, id, message, members, report);
        }
        Element::Field(field) | Element::Extension(field) => fields::check(world, id, field, report),
        Element::Enum(item) => enums::check(world, id, item, report),
        Element::Value(value) => {
            support::check_value(world, id, report);
            enums::check_value(world, id, value, report);
        }
        Element::Service(service) => file::check_service(world, file, service, report),
        Element::Oneof(_) | Element::Range(_) | Element::Method(_) => {}
    });
    if !report.errors.is_empty() {
        return;
    }
    naming::check(world, file, report);
    if report.errors.is_empty() {
        limits::check(world, file, report);
    }
    if report.errors.is_empty() {
        visibility::nested(world, file, report);
    }
    lifetimes::check(world, file, report);
}

/// Calls `f` for every element of a file, in the order in which protoc visits them.
fn each<'a>(world: &World<'a>, file: u32, mut f: impl FnMut(Id, Element<'a>)) {
    for (index, entry) in world.files[file as usize].entries.iter().enumerate() {
        f(Id { file, element: number(index) }, entry.element);
    }
}
