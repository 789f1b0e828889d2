//! The output folder of a call, the files to write there, and the `.proto` files of the call.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rgrpc_codegen::Header;

use crate::resolve;

/// The output folder of a call, with the settings that decide what may be written and removed there.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) folder: PathBuf,
    pub(crate) include_file: String,
    pub(crate) run: Run,
    /// Whether to remove all orphans.
    pub(crate) prune: bool,
    /// Whether the call writes all files of the module tree. A call that writes a part of it cannot tell which files are orphans.
    pub(crate) is_whole: bool,
    /// Whether to write and remove nothing.
    pub(crate) dry_run: bool,
}

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) content: Content,
}

/// The kind of contents of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// The file that declares the module tree.
    Tree,
    /// The code of a package.
    Package,
    /// The Cargo features of the packages.
    Features,
    /// The file of `file_descriptor_set_path`.
    DescriptorSet,
    /// The list of types, or the descriptor set, for dependents.
    Links,
}

/// The `.proto` files of a call, by import name.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) generated: BTreeSet<String>,
    /// The files that were read, including imports.
    pub(crate) read: BTreeSet<String>,
    /// The folders in which other files would be found.
    pub(crate) includes: Vec<PathBuf>,
}

impl Run {
    /// `a.proto, b.proto`
    pub(super) fn origin(&self) -> String {
        self.generated.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    /// Whether this run generates all `.proto` files from which the file with this header was generated.
    pub(super) fn generates_all_sources(&self, header: &Header<'_>) -> bool {
        header.sources().all(|name| self.generated.contains(name))
    }

    /// Whether this run generates any of them.
    pub(super) fn generates_any_source(&self, header: &Header<'_>) -> bool {
        header.sources().any(|name| self.generated.contains(name))
    }

    /// The `.proto` files from which another run generated the file with this header; none if the file belongs to this run.
    ///
    /// A `.proto` file that no longer exists is no evidence of another run, because it was renamed or deleted. If the file `is_unrelated` to
    /// this run, as is a module tree with no source in common, it belongs to another run even then.
    pub(super) fn others(&self, header: &Header<'_>, is_unrelated: bool) -> Vec<String> {
        let others = header.sources().filter(|name| !self.generated.contains(*name));
        others.filter(|name| is_unrelated || self.finds(name)).map(str::to_owned).collect()
    }

    fn finds(&self, name: &str) -> bool {
        self.read.contains(name) || resolve::exists(name, &self.includes)
    }
}
