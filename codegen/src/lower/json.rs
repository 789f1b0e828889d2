//! A package in, its messages and the descriptors by which their JSON is read and written out.

use prost::Message as _;
use prost_types::{DescriptorProto as Lowered, FileDescriptorSet};

use crate::descriptor::google::protobuf::{DescriptorProto, MessageOptions};
use crate::input::DescriptorSet;
use crate::messages;
use crate::model::{Json, Package};
use crate::paths::{ExternPaths, RustType, package_type};

use super::packages;

/// What JSON needs of a package; nothing if the package has no messages.
pub(super) fn of(
    package: &Package,
    set: &DescriptorSet,
    lowered: &messages::Lowered,
    externs: &ExternPaths,
) -> Option<Json> {
    let prefix = packages::prefix(&package.name);
    let mut found = Vec::new();
    for &file in &package.files {
        let declared = &set.files[file].proto.message_type;
        collect(declared, &lowered.files[file].message_type, (&prefix, &prefix), package, externs, &mut found);
    }
    let files = packages::with_imports(package, set).into_iter();
    let file = files.map(|file| messages::json_descriptor(&set.files[file].proto)).collect();
    let descriptors = FileDescriptorSet { file }.encode_to_vec();
    (!found.is_empty()).then_some(Json { descriptors, messages: found })
}

/// Adds the messages that are generated, by the scopes that they are declared in and lowered to.
fn collect(
    declared: &[DescriptorProto],
    lowered: &[Lowered],
    scopes: (&str, &str),
    package: &Package,
    externs: &ExternPaths,
    found: &mut Vec<(String, RustType)>,
) {
    for (declared, lowered) in declared.iter().zip(lowered) {
        let full_name = format!("{}.{}", scopes.0, declared.name());
        let is_map_entry = declared.options.as_ref().is_some_and(MessageOptions::map_entry);
        if is_map_entry || externs.contains(&full_name) {
            continue;
        }
        let lowered_name = format!("{}.{}", scopes.1, lowered.name());
        found.push((full_name[1..].to_owned(), package_type(&lowered_name, &package.name)));
        let scopes = (full_name.as_str(), lowered_name.as_str());
        collect(&declared.nested_type, &lowered.nested_type, scopes, package, externs, found);
    }
}
