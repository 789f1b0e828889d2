//! A package in, the messages that are generated for it out: as declared, and as its module names them.

use super::Decisions;
use crate::model::Package;
use crate::paths::{RustType, package_type};
use crate::schema::{MessageId, Symbol};

/// The full names, `.user.v1.User.Address`, and the types, `user::Address`.
pub(super) fn of(package: &Package, decided: &Decisions<'_>) -> Vec<(String, RustType)> {
    let mut found = Vec::new();
    for &file in &package.files {
        collect(&decided.schema.files[file].messages, package, decided, &mut found);
    }
    found
}

fn collect(messages: &[MessageId], package: &Package, decided: &Decisions<'_>, found: &mut Vec<(String, RustType)>) {
    let Decisions { schema, names, externs, .. } = decided;
    for &id in messages {
        let message = &schema.messages[id];
        if message.is_map_entry() || externs.contains(&message.at.full_name) {
            continue;
        }
        let ty = package_type(&names.segments(Symbol::Message(id)), &package.name);
        found.push((message.at.full_name.clone(), ty));
        collect(&message.nested, package, decided, found);
    }
}
