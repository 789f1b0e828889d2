//! The location of a declaration in a version: the index of its file, and its path in the file.

use rgrpc_schema::schema::Place;
use rgrpc_schema::source::Path;

/// A location. The empty path stands for the file itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Location {
    pub(super) file: usize,
    pub(super) path: Path,
}

impl Location {
    pub(super) fn of(place: &Place) -> Self {
        Self { file: place.file, path: place.path.clone() }
    }

    pub(super) fn of_file(file: usize) -> Self {
        Self { file, path: Path::default() }
    }

    /// The location of the part at the end of these steps.
    pub(super) fn below(&self, steps: &[i32]) -> Self {
        Self { file: self.file, path: self.path.below(steps) }
    }
}
