//! A package in, the messages that are generated for it out: as declared, and as its module names them.

use prost_types::DescriptorProto as Lowered;

use crate::descriptor::google::protobuf::DescriptorProto;
use crate::elements::is_map_entry;
use crate::full_name::scope;
use crate::input::DescriptorSet;
use crate::messages;
use crate::model::Package;
use crate::paths::{ExternPaths, RustType, package_type};

/// The full names, `.user.v1.User.Address`, and the types, `user::Address`.
pub(super) fn of(
    package: &Package,
    set: &DescriptorSet,
    lowered: &messages::Lowered,
    externs: &ExternPaths,
) -> Vec<(String, RustType)> {
    let scope = scope(&package.name);
    let mut found = Vec::new();
    for &file in &package.files {
        let declared = &set.files[file].proto.message_type;
        collect(declared, &lowered.files[file].message_type, (&scope, &scope), package, externs, &mut found);
    }
    found
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
        if is_map_entry(declared) || externs.contains(&full_name) {
            continue;
        }
        let lowered_name = format!("{}.{}", scopes.1, lowered.name());
        found.push((full_name.clone(), package_type(&lowered_name, &package.name)));
        let scopes = (full_name.as_str(), lowered_name.as_str());
        collect(&declared.nested_type, &lowered.nested_type, scopes, package, externs, found);
    }
}
