//! Gives each package a Cargo feature, which enables the features of the packages whose types it uses.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::{Diagnostic, Errors};

use super::decisions::Decisions;
use super::type_references::references;
use crate::model::{Feature, Package};
use crate::options::Options;

/// Sets the feature of each package, and rejects a feature whose name is taken.
pub(super) fn add(packages: &mut [Package], decisions: &Decisions<'_>, errors: &mut Errors) {
    let Decisions { schema, options, externs, .. } = decisions;
    let mut declared: BTreeMap<&str, String> = BTreeMap::new();
    for package in &*packages {
        let types = package.files.iter().flat_map(|&file| schema.types(file));
        declared.extend(types.map(|ty| (&*schema.place(ty).full_name, name_of(package))));
    }
    reject_taken(packages, options, errors);
    for package in packages {
        let name = name_of(package);
        let used = package.files.iter().flat_map(|&file| references(decisions, file));
        let others = used.filter(|(ty, _)| !externs.contains(ty)).filter_map(|(ty, _)| declared.get(ty));
        let needs: BTreeSet<&String> = others.filter(|other| **other != name).collect();
        package.feature = Some(Feature { needs: needs.into_iter().cloned().collect(), name });
    }
}

/// The name of a package's feature: `user-v1`, or `_` for files without a package. crates.io accepts no dots.
fn name_of(package: &Package) -> String {
    if package.name.is_empty() { "_".to_owned() } else { package.name.replace('.', "-") }
}

/// Rejects names that already have a meaning, for packages and for the features of clients and servers.
fn reject_taken(packages: &[Package], options: &Options, errors: &mut Errors) {
    const FULL: (&str, &str) = ("full", "the feature that enables all others");
    const DEFAULT: (&str, &str) = ("default", "the feature that Cargo enables by itself");
    let gates = [("client_feature", &options.client_feature), ("server_feature", &options.server_feature)];
    let gates: Vec<(&str, &str)> =
        gates.into_iter().filter_map(|(option, name)| Some((name.as_deref()?, option))).collect();
    let mut reject = |owner: String, name: &str, taken: &[(&str, &str)]| {
        for (_, meaning) in taken.iter().filter(|(taken, _)| *taken == name) {
            let message = format!("the Cargo feature of {owner} would be `{name}`, which is {meaning}");
            errors.push(Diagnostic::new(message).help("choose another name for either, or leave out package_features"));
        }
    };
    for (name, option) in &gates {
        reject(format!("option `{option}`"), name, &[FULL, DEFAULT]);
    }
    let taken: Vec<_> = gates.iter().copied().chain([FULL, DEFAULT]).collect();
    for package in packages {
        reject(format!("package `{}`", package.name), &name_of(package), &taken);
    }
}
