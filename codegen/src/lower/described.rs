//! A package in, its messages and the descriptors by which their JSON and their text are read and written out.

use rgrpc_schema::wire::Writer;

use super::decisions::Decisions;
use super::{description, packages};
use crate::model::{Described, Package};
use crate::rust_type::RustType;

/// The descriptors that JSON or text needs for a package with these messages; none for a package without messages.
pub(super) fn of(package: &Package, decided: &Decisions<'_>, found: &[(String, RustType)]) -> Option<Described> {
    const FILE: i32 = 1;
    if found.is_empty() {
        return None;
    }
    let mut descriptors = Writer::default();
    for file in packages::with_imports(package, decided.schema) {
        descriptors.message(FILE, |out| description::write(out, decided, file));
    }
    let messages = found.iter().map(|(name, ty)| (name[1..].to_owned(), ty.clone())).collect();
    Some(Described { descriptors: Some(descriptors.finish()), messages })
}
