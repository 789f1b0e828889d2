//! Looks up the positions and comments of elements by their paths, on demand.

use std::borrow::Cow;
use std::ops::Range;
use std::sync::OnceLock;

use crate::descriptor::FileDescriptorProto;
use crate::wire::{payloads, records};
use crate::{Position, tags};

/// The path of an element in its file, as `SourceCodeInfo.Location.path` defines it: field numbers and indices of
/// descriptor.proto, one pair per level.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Path(Vec<i32>);

/// The steps from a file to its elements: field numbers of `FileDescriptorProto`.
#[derive(Debug, Clone, Copy)]
#[repr(i32)]
pub enum Step {
    Message = tags::file::MESSAGE,
    Enum = tags::file::ENUM,
    Service = tags::file::SERVICE,
    Extension = tags::file::EXTENSION,
}

/// The steps from a message to its elements: field numbers of `DescriptorProto`.
#[derive(Debug, Clone, Copy)]
#[repr(i32)]
pub enum MessageStep {
    Field = tags::message::FIELD,
    Nested = tags::message::MESSAGE,
    Enum = tags::message::ENUM,
    Extension = tags::message::EXTENSION,
    Oneof = tags::message::ONEOF,
}

/// The number of the field `name`, the same in every descriptor.
const NAME: i32 = tags::message::NAME;

impl Path {
    /// The path of a top-level element of a file.
    #[must_use]
    pub fn file(step: Step, index: usize) -> Self {
        Self(Vec::new()).child(step as i32, index)
    }

    /// The path of the file's `package` statement.
    #[must_use]
    pub fn package() -> Self {
        Self(vec![tags::file::PACKAGE])
    }

    /// The path of an element of this message.
    #[must_use]
    pub fn in_message(&self, step: MessageStep, index: usize) -> Self {
        self.child(step as i32, index)
    }

    /// The path of a method of this service.
    #[must_use]
    pub fn method(&self, index: usize) -> Self {
        self.child(tags::service::METHOD, index)
    }

    /// The path of a value of this enum.
    #[must_use]
    pub fn value(&self, index: usize) -> Self {
        self.child(tags::enumeration::VALUE, index)
    }

    /// The path extended by field numbers and indices of descriptor.proto.
    #[must_use]
    pub fn below(&self, steps: &[i32]) -> Self {
        Self([&self.0, steps].concat())
    }

    /// An index beyond `i32` cannot occur in a descriptor that protoc wrote, and so has no location.
    fn child(&self, step: i32, index: usize) -> Self {
        let mut path = self.0.clone();
        path.extend([step, i32::try_from(index).unwrap_or(i32::MAX)]);
        Self(path)
    }
}

/// The source info of a file, indexed by path on first use.
#[derive(Debug)]
pub struct Source<'a> {
    file: &'a str,
    /// The serialized `google.protobuf.SourceCodeInfo`.
    info: &'a [u8],
    /// All locations, for positions.
    locations: OnceLock<LocationIndex>,
    /// The few locations that have comments.
    comments: OnceLock<LocationIndex>,
}

/// Which locations are indexed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum IndexedPaths {
    All,
    Commented,
}

/// The locations of a file, sorted by path.
#[derive(Debug, Default)]
struct LocationIndex {
    list: Vec<IndexedLocation>,
    /// The paths of all locations, concatenated.
    paths: Vec<i32>,
}

/// The range of a location's path in `LocationIndex::paths`, and that of the location in the source info.
#[derive(Debug)]
struct IndexedLocation {
    path: Range<usize>,
    bytes: Range<usize>,
}

impl<'a> Source<'a> {
    #[must_use]
    pub fn new(file: &FileDescriptorProto<'a>) -> Self {
        Self {
            file: file.name(),
            info: file.source_code_info.unwrap_or_default(),
            locations: OnceLock::new(),
            comments: OnceLock::new(),
        }
    }

    /// The name of the file.
    pub fn file(&self) -> &'a str {
        self.file
    }

    /// The serialized location of a path.
    fn location(&self, path: &[i32]) -> Option<&'a [u8]> {
        let found = self.locations.get_or_init(|| LocationIndex::of(self.info, IndexedPaths::All)).find(path)?;
        Some(&self.info[found])
    }

    /// The position of the element's name, or of the element if its name has none.
    pub fn position(&self, path: &Path) -> Position {
        Position { file: self.file.to_owned(), line_column: self.line_column(path) }
    }

    /// The position of an element, or of the innermost element around it that has one.
    pub fn nearest(&self, path: &Path) -> Position {
        let mut paths = (1..=path.0.len()).rev().map(|length| Path(path.0[..length].to_vec()));
        let line_column = paths.find_map(|path| self.line_column(&path));
        Position { file: self.file.to_owned(), line_column }
    }

    fn line_column(&self, path: &Path) -> Option<(u32, u32)> {
        let location = self.location(&path.below(&[NAME]).0).or_else(|| self.location(&path.0))?;
        match *integers(location, tags::location::SPAN) {
            [line, column, ..] => Some((one_based(line)?, one_based(column)?)),
            _ => None,
        }
    }

    /// The comment of the element: the leading one, or else the trailing one. It need not be UTF-8 in the file: compilers copy comments
    /// unchanged, and those of an old file may be Latin-1.
    pub fn comment(&self, path: &Path) -> Option<Cow<'a, str>> {
        let found =
            self.comments.get_or_init(|| LocationIndex::of(self.info, IndexedPaths::Commented)).find(&path.0)?;
        let location = &self.info[found];
        let mut texts =
            COMMENTS.into_iter().filter_map(|field| payloads(location, field).last()).map(String::from_utf8_lossy);
        texts.find(|comment| !comment.trim().is_empty())
    }
}

impl LocationIndex {
    /// Reads the locations of a serialized `google.protobuf.SourceCodeInfo`: all, or those that have comments.
    fn of(source_code_info: &[u8], wanted: IndexedPaths) -> Self {
        let mut locations = Self::default();
        let mut end = 0;
        for record in records(source_code_info).map_while(Result::ok) {
            end += record.raw.len();
            let (tags::location::LOCATION, Ok(location)) = (record.number, record.payload()) else { continue };
            let start = locations.paths.len();
            let mut is_wanted = wanted == IndexedPaths::All;
            for record in records(location).map_while(Result::ok) {
                match record.number {
                    // A malformed list of numbers leaves the path empty, and no element has an empty path.
                    tags::location::PATH => _ = record.integers(&mut locations.paths),
                    number => is_wanted |= COMMENTS.contains(&number),
                }
            }
            if is_wanted {
                let path = start..locations.paths.len();
                locations.list.push(IndexedLocation { path, bytes: end - location.len()..end });
            } else {
                locations.paths.truncate(start);
            }
        }
        let path = |location: &IndexedLocation| &locations.paths[location.path.clone()];
        locations.list.sort_by(|a, b| path(a).cmp(path(b)));
        // Several option statements of an element repeat its path; the first location is that of the element itself.
        locations.list.dedup_by(|later, first| path(later) == path(first));
        locations
    }

    fn find(&self, path: &[i32]) -> Option<Range<usize>> {
        let found = self.list.binary_search_by(|location| self.paths[location.path.clone()].cmp(path)).ok()?;
        Some(self.list[found].bytes.clone())
    }
}

/// The numbers of the fields that hold the comments of a location.
const COMMENTS: [i32; 2] = [tags::location::LEADING_COMMENTS, tags::location::TRAILING_COMMENTS];

/// The values of a repeated integer field, up to the first malformed one.
fn integers(message: &[u8], field: i32) -> Vec<i32> {
    let mut read = Vec::new();
    let records = records(message).map_while(Result::ok).filter(|record| record.number == field);
    let _ = { records }.try_for_each(|record| record.integers(&mut read));
    read
}

fn one_based(zero_based: i32) -> Option<u32> {
    u32::try_from(zero_based).ok()?.checked_add(1)
}
