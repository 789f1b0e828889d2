//! Options about types that exist elsewhere in, errors out for those that match nothing.

use std::collections::BTreeSet;

use rgrpc_schema::full_name::scope;
use rgrpc_schema::schema::Schema;
use rgrpc_schema::{Diagnostic, Errors};

use crate::near::near;
use crate::paths::ExternPaths;

/// A mapping is used if any type or package of the set lies under it, whether or not a generated file refers to it.
pub(super) fn check(schema: &Schema<'_>, externs: &ExternPaths, errors: &mut Errors) {
    let types: Vec<&str> =
        (0..schema.files.len()).flat_map(|file| schema.types(file)).map(|ty| &*schema.place(ty).full_name).collect();
    let packages: Vec<String> = schema.files.iter().map(|file| scope(file.descriptor.package())).collect();
    let known = || types.iter().copied().chain(packages.iter().map(String::as_str));
    let used: BTreeSet<&str> = known().filter_map(|name| externs.covering(name)).collect();
    let help =
        |proto: &str| near(proto, known()).unwrap_or_else(|| "correct the proto path, or remove the option".to_owned());
    for (proto, rust) in externs.of_user().filter(|(proto, _)| !used.contains(proto)) {
        let message = format!("extern_path `{}={rust}` matches no package and no type", display_name(proto));
        errors.push(Diagnostic::new(message).help(help(proto)));
    }
    for proto in externs.with_traits() {
        let is_below =
            |name: &&&str| name.strip_prefix(proto).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'));
        if !types.iter().filter(is_below).any(|name| externs.contains(name)) {
            let message = format!("extern_traits `{}` matches no type that an extern_path maps", display_name(proto));
            errors.push(Diagnostic::new(message).help(help(proto)));
        }
    }
}

/// A path as the user gives it.
fn display_name(proto: &str) -> &str {
    if proto.is_empty() { "." } else { proto }
}
