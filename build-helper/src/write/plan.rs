//! The plan of one call: files to write, each with what stands in its place.

use super::standing::Standing;
use super::target::{Content, File, Target};
use crate::environment::Environment;

/// The files of a call, each compared with the file in its place as soon as its bytes are made. The bytes go then; a `T` made of them stays.
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

/// A file whose bytes are at hand, beside what stands in its place.
pub(crate) struct Made<'a> {
    pub(crate) target: &'a Target,
    pub(crate) file: &'a File,
    pub(crate) bytes: &'a [u8],
    pub(crate) standing: &'a Standing,
    /// The bytes of the file in its place, where that is text of a generated one.
    pub(crate) existing: &'a [u8],
}

impl Target {
    /// Compares a file with the one in its place; of its bytes, only what `make` returns for them is kept.
    pub(crate) fn plan<T>(&self, file: File, bytes: &[u8], make: impl Fn(&Made<'_>) -> T) -> Planned<T> {
        let (standing, existing) = Standing::of(&file, bytes, self);
        let kept = make(&Made { target: self, file: &file, bytes, standing: &standing, existing: &existing });
        Planned { file, standing, kept }
    }
}

impl<T> Plan<T> {
    /// Whether any file lies outside `OUT_DIR`.
    pub(crate) fn writes_outside_out_dir(&self, environment: &Environment) -> bool {
        self.files.iter().any(|planned| !environment.owns(&planned.file.path))
    }

    /// The names of the files that go when the schema or the options no longer ask for them.
    pub(super) fn removable(&self) -> impl Iterator<Item = &str> {
        let files = self.files.iter().map(|planned| &planned.file);
        let removable = files.filter(|file| matches!(file.content, Content::Package | Content::Features));
        removable.filter_map(|file| file.path.file_name()?.to_str())
    }
}
