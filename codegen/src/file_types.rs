//! The packages of a run in; where the types of their files are out, for the crates that use them.

use std::collections::BTreeMap;

use crate::input::DescriptorSet;
use crate::messages::Lowered;
use crate::model::Package;
use crate::parallel;
use crate::paths::{self, ExternPaths};
use crate::uses;

/// The types of a generated file, and where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FileTypes {
    /// `user/v1/user.proto`
    pub file: String,
    /// The Rust path of each message and enum by its full name, as `extern_path` takes them: `.user.v1.User` is
    /// `user::v1::User` below the module that mounts the tree. The path of a type that exists elsewhere is absolute.
    pub paths: BTreeMap<String, String>,
}

/// The files of the packages, package by package.
pub(crate) fn of(
    packages: &[Package],
    set: &DescriptorSet,
    lowered: &Lowered,
    externs: &ExternPaths,
) -> Vec<FileTypes> {
    let files: Vec<usize> = packages.iter().flat_map(|package| &package.files).copied().collect();
    let path = |name: &str| externs.resolve(name).unwrap_or_else(|| paths::in_tree(&lowered.name_of(name)));
    let paths = |proto| uses::types(proto).into_iter().map(|name| (name.clone(), path(&name))).collect();
    parallel::map(&files, |&file| {
        let proto = &set.files[file].proto;
        FileTypes { file: proto.name().to_owned(), paths: paths(proto) }
    })
}
