//! The positions and comments of a file: `google.protobuf.SourceCodeInfo`.

use super::span::Span;

/// The locations of a file, in the order of the text.
///
/// A file has many, so all of their paths share one allocation.
#[derive(Debug, Clone, Default)]
pub struct Locations {
    list: Vec<Location>,
    paths: Vec<i32>,
}

/// The span and the comments of an element; [`Locations::path`] returns its path.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Location {
    /// Where the path starts in `Locations::paths`, and its length.
    path: (u32, u32),
    /// Where the element is.
    pub span: Span,
    /// The comments of the element, if it has any.
    pub comments: Option<Box<Comments>>,
}

/// The comments of a location, which need not be UTF-8.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Comments {
    /// The comment before the element; empty if there is none.
    pub leading: Vec<u8>,
    /// The comment after the element; empty if there is none.
    pub trailing: Vec<u8>,
    /// The comments before the leading comment, separated from it by blank lines.
    pub detached: Vec<Vec<u8>>,
}

impl Locations {
    /// Returns the number of locations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns whether there are no locations: the file has no source info.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Adds a location without comments; returns its index.
    pub fn push(&mut self, path: &[i32], span: Span) -> usize {
        let path = self.store(|paths| paths.extend_from_slice(path));
        self.list.push(Location { path, span, comments: None });
        self.list.len() - 1
    }

    /// Adds a location whose path is that of the location `parent`, extended by `tail`; returns its index.
    ///
    /// # Panics
    /// Panics if `parent` is not the index of a location.
    pub fn push_child(&mut self, parent: usize, tail: &[i32], span: Span) -> usize {
        let path = self.join(parent, tail);
        self.list.push(Location { path, span, comments: None });
        self.list.len() - 1
    }

    /// Returns the path of a location: `[4, 0, 2, 1]`.
    ///
    /// # Panics
    /// Panics if `index` is not the index of a location.
    #[must_use]
    pub fn path(&self, index: usize) -> &[i32] {
        self.path_of(&self.list[index])
    }

    /// Appends `tail` to the path of a location.
    ///
    /// # Panics
    /// Panics if `index` is not the index of a location.
    pub fn extend_path(&mut self, index: usize, tail: &[i32]) {
        self.list[index].path = self.join(index, tail);
    }

    /// Removes the locations whose paths `keep` rejects; the indices of later ones change.
    pub fn retain(&mut self, mut keep: impl FnMut(&[i32]) -> bool) {
        let paths = &self.paths;
        self.list.retain(|location| keep(slice(paths, location.path)));
    }

    /// Releases the capacity that is reserved for further locations.
    pub(crate) fn shrink_to_fit(&mut self) {
        self.list.shrink_to_fit();
        self.paths.shrink_to_fit();
    }

    /// Returns the locations with their paths, in order.
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&[i32], &Location)> {
        self.list.iter().map(|location| (self.path_of(location), location))
    }

    fn path_of(&self, location: &Location) -> &[i32] {
        slice(&self.paths, location.path)
    }

    fn join(&mut self, parent: usize, tail: &[i32]) -> (u32, u32) {
        let (start, length) = self.list[parent].path;
        self.store(|paths| {
            paths.extend_from_within(start as usize..(start + length) as usize);
            paths.extend_from_slice(tail);
        })
    }

    fn store(&mut self, write: impl FnOnce(&mut Vec<i32>)) -> (u32, u32) {
        let start = self.paths.len();
        write(&mut self.paths);
        let length = self.paths.len() - start;
        (start.try_into().unwrap_or(u32::MAX), length.try_into().unwrap_or(u32::MAX))
    }
}

impl std::ops::Index<usize> for Locations {
    type Output = Location;

    fn index(&self, index: usize) -> &Location {
        &self.list[index]
    }
}

impl std::ops::IndexMut<usize> for Locations {
    fn index_mut(&mut self, index: usize) -> &mut Location {
        &mut self.list[index]
    }
}

impl PartialEq for Locations {
    fn eq(&self, other: &Self) -> bool {
        self.iter().map(content).eq(other.iter().map(content))
    }
}

type Content<'a> = (&'a [i32], Span, &'a Option<Box<Comments>>);

fn content<'a>((path, location): (&'a [i32], &'a Location)) -> Content<'a> {
    (path, location.span, &location.comments)
}

fn slice(paths: &[i32], (start, length): (u32, u32)) -> &[i32] {
    &paths[start as usize..(start + length) as usize]
}
