//! A package in, its messages and the descriptors by which their JSON is read and written out.

use prost::Message as _;
use prost_types::FileDescriptorSet;

use crate::input::DescriptorSet;
use crate::messages;
use crate::model::{Json, Package};
use crate::paths::RustType;

use super::packages;

/// What JSON needs of a package with these messages; nothing if it has none.
pub(super) fn of(package: &Package, set: &DescriptorSet, found: &[(String, RustType)]) -> Option<Json> {
    let files = packages::with_imports(package, set).into_iter();
    let file = files.map(|file| messages::json_descriptor(&set.files[file].proto)).collect();
    let descriptors = FileDescriptorSet { file }.encode_to_vec();
    let messages = found.iter().map(|(name, ty)| (name[1..].to_owned(), ty.clone())).collect();
    (!found.is_empty()).then_some(Json { descriptors, messages })
}
