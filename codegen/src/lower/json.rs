//! A package in, its messages and the descriptors by which their JSON is read and written out.

use rgrpc_schema::wire::Writer;

use super::{Decisions, json_descriptor, packages};
use crate::model::{Json, Package};
use crate::paths::RustType;

/// What JSON needs of a package with these messages; nothing if it has none.
pub(super) fn of(package: &Package, decided: &Decisions<'_>, found: &[(String, RustType)]) -> Option<Json> {
    const FILE: i32 = 1;
    if found.is_empty() {
        return None;
    }
    let mut descriptors = Writer::default();
    for file in packages::with_imports(package, decided.schema) {
        descriptors.message(FILE, |out| json_descriptor::write(out, decided.schema, file));
    }
    let messages = found.iter().map(|(name, ty)| (name[1..].to_owned(), ty.clone())).collect();
    Some(Json { descriptors: descriptors.finish(), messages })
}
