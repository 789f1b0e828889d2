//! The folder of one call, the files to write there, and the `.proto` files that it knows.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rgrpc_codegen::Header;

use crate::resolve;

/// The folder of a call, and what is known of its files before they are made.
#[derive(Debug)]
pub(crate) struct Target {
    pub(crate) folder: PathBuf,
    pub(crate) include_file: String,
    pub(crate) run: Run,
    /// Whether what earlier runs generated, and this one does not, is removed.
    pub(crate) prune: bool,
    /// Whether these are all files of the module tree; a part says nothing of what else is there.
    pub(crate) is_whole: bool,
    /// Whether nothing is written or removed.
    pub(crate) dry_run: bool,
}

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) content: Content,
}

/// The content of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// The file that mounts the module tree.
    Tree,
    /// The code of a package.
    Package,
    /// The Cargo features of the packages.
    Features,
    /// The file of `file_descriptor_set_path`.
    DescriptorSet,
    /// The list for dependents.
    Links,
}

/// The `.proto` files of a call, by the names with which they import each other.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) generated: BTreeSet<String>,
    /// Those that were read, imports included.
    pub(crate) read: BTreeSet<String>,
    /// Where others would be found.
    pub(crate) includes: Vec<PathBuf>,
}

impl Run {
    /// `a.proto, b.proto`
    pub(super) fn origin(&self) -> String {
        self.generated.iter().map(String::as_str).collect::<Vec<_>>().join(", ")
    }

    pub(super) fn made_all_of(&self, header: &Header<'_>) -> bool {
        header.sources().all(|name| self.generated.contains(name))
    }

    /// Whether the output with this header was made of other files alone.
    pub(super) fn has_no_part_in(&self, header: &Header<'_>) -> bool {
        !header.sources().any(|name| self.generated.contains(name))
    }

    /// The files that another run generates into the output with this header; none if the output is this run's own.
    ///
    /// A `.proto` file that is gone makes no other run: it was renamed or deleted. But an output that `is_of_others` alone, such as a module
    /// tree with no file in common, is theirs wherever they are.
    pub(super) fn others(&self, header: &Header<'_>, is_of_others: bool) -> Vec<String> {
        let others = header.sources().filter(|name| !self.generated.contains(*name));
        others.filter(|name| is_of_others || self.could_generate(name)).map(str::to_owned).collect()
    }

    fn could_generate(&self, name: &str) -> bool {
        self.read.contains(name) || resolve::exists(name, &self.includes)
    }
}
