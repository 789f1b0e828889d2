//! A package in, its messages and the descriptors by which their JSON is read and written out.

use prost::Message as _;
use prost_types::FileDescriptorSet;

use super::{Decisions, json_descriptor, packages};
use crate::model::{Json, Package};
use crate::paths::RustType;

/// What JSON needs of a package with these messages; nothing if it has none.
pub(super) fn of(package: &Package, decided: &Decisions<'_>, found: &[(String, RustType)]) -> Option<Json> {
    if found.is_empty() {
        return None;
    }
    let files = packages::with_imports(package, decided.set).into_iter();
    let file = files.map(|file| json_descriptor::of_file(decided.schema, file)).collect();
    let descriptors = FileDescriptorSet { file }.encode_to_vec();
    let messages = found.iter().map(|(name, ty)| (name[1..].to_owned(), ty.clone())).collect();
    Some(Json { descriptors, messages })
}
