//! A package in, the messages that are generated for it out: as declared, and as its module names them.

use rgrpc_schema::schema::{Message, Symbol};

use super::decisions::Decisions;
use crate::model::Package;
use crate::rust_type::{RustType, package_type};

/// The full names, `.user.v1.User.Address`, and the types, `user::Address`.
pub(super) fn of(package: &Package, decided: &Decisions<'_>) -> Vec<(String, RustType)> {
    let Decisions { schema, names, externs, .. } = decided;
    let messages = package.files.iter().flat_map(|&file| schema.files[file].messages.clone());
    let is_generated = |message: &Message<'_>| !message.is_map_entry && !externs.contains(&message.at.full_name);
    let generated = messages.filter(|&id| is_generated(&schema.messages[id]));
    let named = generated.map(|id| {
        let ty = package_type(&names.segments(Symbol::Message(id)), &package.name);
        (schema.messages[id].at.full_name.clone(), ty)
    });
    named.collect()
}
