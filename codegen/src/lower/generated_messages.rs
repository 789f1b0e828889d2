//! Lists the messages that are generated for a package.

use rgrpc_schema::schema::{Message, Symbol};

use super::decisions::Decisions;
use crate::model::Package;
use crate::rust_type::RustType;

/// The full proto name of each message, `.user.v1.User.Address`, and its Rust type, `user::Address`.
pub(super) fn of(package: &Package, decisions: &Decisions<'_>) -> Vec<(String, RustType)> {
    let Decisions { schema, names, externs, .. } = decisions;
    let messages = package.files.iter().flat_map(|&file| schema.files[file].messages.clone());
    let is_generated = |message: &Message<'_>| !message.is_map_entry && !externs.contains(&message.at.full_name);
    let generated = messages.filter(|&id| is_generated(&schema.messages[id]));
    let named = generated.map(|id| {
        let ty = RustType::from_package(&package.name, &names.segments(Symbol::Message(id)));
        (schema.messages[id].at.full_name.clone(), ty)
    });
    named.collect()
}
