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
mod named_files;
mod naming;
mod oneofs;
mod proto3;
mod ranges;
mod support;
mod visibility;

use super::elements::Element;
use super::json_names;
use super::pool::Pool;
use super::report::Report;

pub(super) use clashes::{between_files as clashes, extensions};
pub(super) use declarations::declarations;
pub(super) use imports::unused as unused_imports;
pub(super) use named_files::named_files;
pub(super) use oneofs::oneofs;
pub(super) use visibility::visibility;

/// Checks the rules that depend on options and features, in protoc's order. Fields whose names do not resolve are left out.
pub(super) fn rules(pool: &Pool<'_>, file: u32, report: &mut Report<'_>) {
    let mut declarations = declared_extensions::Declarations::default();
    pool.for_each(file, |id, element| match element {
        Element::File(item) => file::check(pool, file, item, report),
        Element::Message(message, members) => {
            json_names::check(pool, id, message, report);
            declared_extensions::check_ranges(pool, id, message, members, report);
        }
        Element::Field(field) | Element::Extension(field) if pool.is_resolved(id) => {
            fields::check(pool, id, field, &mut declarations, report);
        }
        Element::Enum(item) => enums::check(pool, id, item, report),
        Element::Value(value) => {
            support::check_value(pool, id, report);
            enums::check_value(pool, id, value, report);
        }
        Element::Service(service) => file::check_service(pool, file, service, report),
        _ => {}
    });
    // The features that disable these rules have `RETENTION_SOURCE`, so a compiled file no longer has them.
    if pool.file(file).encoded.is_none() {
        naming::check(pool, file, report);
        limits::check(pool, file, report);
        visibility::nested(pool, file, report);
    }
    lifetimes::check(pool, file, report);
}
