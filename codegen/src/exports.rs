//! Lists the Rust paths of the types of each file, for crates that use them.

use std::collections::BTreeMap;

use rgrpc_schema::parallel::{self, Work};

use crate::lower::Decisions;
use crate::model::Package;
use crate::rust_type::relative;

/// The Rust paths of the types that a `.proto` file declares.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileExports {
    /// The name of the file, as imports spell it: `user/v1/user.proto`.
    pub file: String,
    /// The Rust path of each message and enum by its full proto name, in the form that the option `extern_path` takes.
    ///
    /// `.user.v1.User` maps to `user::v1::User`, relative to the module that holds the module tree. The path of a type that an
    /// `extern_path` maps is absolute.
    pub paths: BTreeMap<String, String>,
}

impl FileExports {
    /// Returns the exports of `file`: the Rust path of each type by its full proto name.
    pub fn new(file: impl Into<String>, paths: BTreeMap<String, String>) -> Self {
        Self { file: file.into(), paths }
    }
}

/// The exports of every file, package by package.
pub(crate) fn of(packages: &[Package], decisions: &Decisions<'_>) -> Vec<FileExports> {
    let Decisions { schema, names, externs, .. } = decisions;
    let files: Vec<usize> = packages.iter().flat_map(|package| &package.files).copied().collect();
    let path = |symbol| {
        let name = &schema.place(symbol).full_name;
        let path = externs.resolve(name).unwrap_or_else(|| relative(&[], &names.segments(symbol)));
        (name.clone(), path)
    };
    parallel::map(Work::Little, &files, |&file| FileExports {
        file: schema.files[file].descriptor.name().to_owned(),
        paths: schema.types(file).map(path).collect(),
    })
}
