//! The plan of one call: files to write, each with what stands in its place, and the `.proto` files that it knows.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rgrpc_codegen::Header;

use super::standing::Standing;
use crate::environment::Environment;
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

/// The files of a call, each judged as soon as it is made. What is made of its bytes then, `T`, is all that is kept of them.
#[derive(Debug)]
pub(crate) struct Plan<T> {
    pub(crate) target: Target,
    pub(crate) files: Vec<Planned<T>>,
}

#[derive(Debug)]
pub(crate) struct Planned<T> {
    pub(crate) file: File,
    pub(crate) standing: Standing,
    pub(crate) kept: T,
}

#[derive(Debug)]
pub(crate) struct File {
    pub(crate) path: PathBuf,
    pub(crate) content: Content,
}

/// A file whose bytes are at hand, beside what stands in its place.
pub(crate) struct Made<'a> {
    pub(crate) target: &'a Target,
    pub(crate) file: &'a File,
    pub(crate) bytes: &'a [u8],
    pub(crate) standing: &'a Standing,
    /// The bytes of the file in its place, where that is text of a generated one.
    pub(crate) existing: &'a [u8],
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

impl Target {
    /// Judges a file, and keeps what `make` makes of its bytes.
    pub(crate) fn plan<T>(&self, file: File, bytes: &[u8], make: impl Fn(&Made<'_>) -> T) -> Planned<T> {
        let (standing, existing) = Standing::of(&file, bytes, self);
        let kept = make(&Made { target: self, file: &file, bytes, standing: &standing, existing: &existing });
        Planned { file, standing, kept }
    }
}

impl<T> Plan<T> {
    /// Whether any file lies outside `OUT_DIR`.
    pub(crate) fn leaves(&self, environment: &Environment) -> bool {
        self.files.iter().any(|planned| !environment.owns(&planned.file.path))
    }

    /// The names of the files that go when the schema or the options no longer ask for them.
    pub(super) fn passing(&self) -> impl Iterator<Item = &str> {
        let files = self.files.iter().map(|planned| &planned.file);
        let passing = files.filter(|file| matches!(file.content, Content::Package | Content::Features));
        passing.filter_map(|file| file.path.file_name()?.to_str())
    }
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
