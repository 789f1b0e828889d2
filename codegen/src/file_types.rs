//! The packages of a run in; where the types of their files are out, for the crates that use them.

use std::collections::BTreeMap;

use rgrpc_schema::parallel::{self, Work};

use crate::lower::Decisions;
use crate::model::Package;
use crate::rust_type;

/// The types of a generated file, and where they are.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileTypes {
    /// `user/v1/user.proto`
    pub file: String,
    /// The Rust path of each message and enum by its full name, as `extern_path` takes them: `.user.v1.User` is
    /// `user::v1::User` below the module that mounts the tree. The path of a type that exists elsewhere is absolute.
    pub paths: BTreeMap<String, String>,
}

impl FileTypes {
    /// Returns the types of `file`: the Rust path of each, by the name that the schema gives it.
    pub fn new(file: impl Into<String>, paths: BTreeMap<String, String>) -> Self {
        Self { file: file.into(), paths }
    }
}

/// The files of the packages, package by package.
pub(crate) fn of(packages: &[Package], decided: &Decisions<'_>) -> Vec<FileTypes> {
    let Decisions { schema, names, externs, .. } = decided;
    let files: Vec<usize> = packages.iter().flat_map(|package| &package.files).copied().collect();
    let path = |symbol| {
        let name = &schema.place(symbol).full_name;
        let path = externs.resolve(name).unwrap_or_else(|| rust_type::in_tree(&names.segments(symbol)));
        (name.clone(), path)
    };
    parallel::map(Work::Little, &files, |&file| FileTypes {
        file: schema.files[file].descriptor.name().to_owned(),
        paths: schema.types(file).map(path).collect(),
    })
}
