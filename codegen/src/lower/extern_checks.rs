//! Rejects the options `extern_path` and `extern_traits` that match nothing.

use std::collections::BTreeSet;

use rgrpc_schema::full_name::scope;
use rgrpc_schema::schema::Schema;
use rgrpc_schema::{Diagnostic, Errors};

use super::extern_paths::ExternPaths;
use crate::proto_paths::{covers, nearest_path};

/// A mapping is used if it covers any type or package of the descriptor set, whether or not a generated file refers to it.
pub(super) fn check(schema: &Schema<'_>, externs: &ExternPaths, errors: &mut Errors) {
    let types: Vec<&str> =
        (0..schema.files.len()).flat_map(|file| schema.types(file)).map(|ty| &*schema.place(ty).full_name).collect();
    let packages: Vec<String> = schema.files.iter().map(|file| scope(file.descriptor.package())).collect();
    let known = || types.iter().copied().chain(packages.iter().map(String::as_str));
    let used: BTreeSet<&str> = known().filter_map(|name| externs.covering_path(name)).collect();
    let help = |proto: &str| {
        nearest_path(proto, known()).unwrap_or_else(|| "correct the proto path, or remove the option".to_owned())
    };
    for (proto, rust) in externs.user_mappings().filter(|(proto, _)| !used.contains(proto)) {
        let message = format!("extern_path `{}={rust}` matches no package and no type", display_path(proto));
        errors.push(Diagnostic::new(message).help(help(proto)));
    }
    for proto in externs.traits_paths() {
        let is_covered = |name: &&&str| proto.is_empty() || covers(proto, name);
        if !types.iter().filter(is_covered).any(|name| externs.contains(name)) {
            let message = format!("extern_traits `{}` matches no type that an extern_path maps", display_path(proto));
            errors.push(Diagnostic::new(message).help(help(proto)));
        }
    }
}

/// The path as the user wrote it.
fn display_path(proto: &str) -> &str {
    if proto.is_empty() { "." } else { proto }
}
