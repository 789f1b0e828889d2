//! Descriptor paths by name: a path to an element goes in, its position and comment come out.

use std::cell::OnceCell;

use prost::bytes::{Buf, BufMut, Bytes};
use prost::encoding::{DecodeContext, WireType, skip_field};
use prost::{DecodeError, Message};

use crate::descriptor::google::protobuf::FileDescriptorProto;
use rgrpc_schema::Position;

/// `google.protobuf.SourceCodeInfo`, which is most of a descriptor set, as the bytes that it has in its file.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct SourceCodeInfo(Bytes);

impl SourceCodeInfo {
    /// The source info of a serialized file.
    pub(crate) fn of(file: Bytes) -> Result<Option<Self>, DecodeError> {
        Ok(UndecodedFile::decode(file)?.source_code_info.map(Self))
    }
}

/// It is not decoded where it is met, as that would be a slice of the bytes for each location.
impl Message for SourceCodeInfo {
    fn encode_raw(&self, buffer: &mut impl BufMut) {
        buffer.put_slice(&self.0);
    }

    fn merge_field(
        &mut self,
        number: u32,
        wire_type: WireType,
        buffer: &mut impl Buf,
        context: DecodeContext,
    ) -> Result<(), DecodeError> {
        skip_field(wire_type, number, buffer, context)
    }

    fn encoded_len(&self) -> usize {
        self.0.len()
    }

    fn clear(&mut self) {
        self.0.clear();
    }
}

/// `google.protobuf.FileDescriptorProto` with its source info left undecoded: a message and a `bytes` field look the same
/// on the wire.
#[derive(Clone, PartialEq, Message)]
struct UndecodedFile {
    #[prost(bytes = "bytes", optional, tag = "9")]
    source_code_info: Option<Bytes>,
}

/// `google.protobuf.SourceCodeInfo` with its locations left undecoded.
#[derive(Clone, PartialEq, Message)]
struct Locations {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    location: Vec<Bytes>,
}

/// The path of a location, which is read of all of them.
#[derive(Clone, PartialEq, Message)]
struct LocationPath {
    #[prost(int32, repeated, tag = "1")]
    path: Vec<i32>,
}

/// `google.protobuf.SourceCodeInfo.Location`, as far as it is read.
#[derive(Clone, PartialEq, Message)]
pub(crate) struct Location {
    #[prost(int32, repeated, tag = "1")]
    pub(crate) path: Vec<i32>,
    #[prost(int32, repeated, tag = "2")]
    pub(crate) span: Vec<i32>,
    /// A compiler takes comments as they are, and those of an old file may be Latin-1.
    #[prost(bytes = "bytes", optional, tag = "3")]
    pub(crate) leading_comments: Option<Bytes>,
    #[prost(bytes = "bytes", optional, tag = "4")]
    pub(crate) trailing_comments: Option<Bytes>,
}

#[cfg(test)]
impl From<Location> for SourceCodeInfo {
    fn from(location: Location) -> Self {
        Self(Locations { location: vec![location.encode_to_vec().into()] }.encode_to_vec().into())
    }
}

/// The path of an element in its file, as `SourceCodeInfo.Location.path` defines it: field numbers and indices of
/// descriptor.proto, one pair per level.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Path(Vec<i32>);

/// Steps below a file, named after the fields of descriptor.proto whose numbers they hold.
#[derive(Debug, Clone, Copy)]
#[repr(i32)]
pub(crate) enum Step {
    Message = 4,
    Enum = 5,
    Service = 6,
    Extension = 7,
}

/// Steps below a message.
#[derive(Debug, Clone, Copy)]
#[repr(i32)]
pub(crate) enum MessageStep {
    Field = 2,
    Nested = 3,
    Enum = 4,
    Extension = 6,
    Oneof = 8,
}

const NAME: i32 = 1;
const SERVICE_METHOD: i32 = 2;
const ENUM_VALUE: i32 = 2;
const FILE_PACKAGE: i32 = 2;

impl Path {
    /// The path of a top-level element of a file.
    pub(crate) fn file(step: Step, index: usize) -> Self {
        Self(Vec::new()).child(step as i32, index)
    }

    /// The path of the file's `package` statement.
    pub(crate) fn package() -> Self {
        Self(vec![FILE_PACKAGE])
    }

    /// The path of an element of this message.
    pub(crate) fn in_message(&self, step: MessageStep, index: usize) -> Self {
        self.child(step as i32, index)
    }

    /// The path of a method of this service.
    pub(crate) fn method(&self, index: usize) -> Self {
        self.child(SERVICE_METHOD, index)
    }

    /// The path of a value of this enum.
    pub(crate) fn value(&self, index: usize) -> Self {
        self.child(ENUM_VALUE, index)
    }

    /// The path of what these field numbers and indices of descriptor.proto lead to.
    pub(crate) fn below(&self, steps: &[i32]) -> Self {
        Self([&self.0, steps].concat())
    }

    /// Indices beyond `i32` cannot occur in a descriptor protoc wrote; they find no location.
    fn child(&self, step: i32, index: usize) -> Self {
        let mut path = self.0.clone();
        path.extend([step, i32::try_from(index).unwrap_or(i32::MAX)]);
        Self(path)
    }
}

/// The source info of one file, indexed by path when it is first asked for.
#[derive(Debug)]
pub(crate) struct Source<'a> {
    file: &'a FileDescriptorProto,
    /// The locations, sorted by path.
    locations: OnceCell<Vec<(Vec<i32>, Bytes)>>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(file: &'a FileDescriptorProto) -> Self {
        Self { file, locations: OnceCell::new() }
    }

    /// The name of the file.
    pub(crate) fn file(&self) -> &'a str {
        self.file.name()
    }

    fn location(&self, path: &[i32]) -> Option<Location> {
        let locations = self.locations.get_or_init(|| locations(self.file));
        let found = locations.binary_search_by(|(other, _)| (**other).cmp(path)).ok()?;
        Location::decode(locations[found].1.clone()).ok()
    }

    /// The position of the element's name, or of the element where the name has none.
    pub(crate) fn position(&self, path: &Path) -> Position {
        Position { file: self.file.name().to_owned(), line_column: self.line_column(path) }
    }

    /// The position of a part of an element, or of the innermost element around it that has one.
    pub(crate) fn nearest(&self, path: &Path) -> Position {
        let mut paths = (1..=path.0.len()).rev().map(|length| Path(path.0[..length].to_vec()));
        let line_column = paths.find_map(|path| self.line_column(&path));
        Position { file: self.file.name().to_owned(), line_column }
    }

    fn line_column(&self, path: &Path) -> Option<(u32, u32)> {
        let name = path.below(&[NAME]);
        let location = self.location(&name.0).or_else(|| self.location(&path.0))?;
        match *location.span {
            [line, column, ..] => Some((one_based(line)?, one_based(column)?)),
            _ => None,
        }
    }

    /// The comment of the element: the leading one, else the trailing one.
    pub(crate) fn comment(&self, path: &Path) -> Option<String> {
        let location = self.location(&path.0)?;
        let comments = [location.leading_comments, location.trailing_comments].into_iter().flatten();
        let mut texts = comments.map(|comment| String::from_utf8_lossy(&comment).into_owned());
        texts.find(|comment| !comment.trim().is_empty())
    }
}

/// The locations of a file by path. What is no location is left out; no compiler writes it.
fn locations(file: &FileDescriptorProto) -> Vec<(Vec<i32>, Bytes)> {
    let info = file.source_code_info.as_ref().and_then(|info| Locations::decode(info.0.clone()).ok());
    let path = |location: &Bytes| Some(LocationPath::decode(location.clone()).ok()?.path);
    let locations = info.into_iter().flat_map(|info| info.location);
    let mut locations: Vec<_> = locations.filter_map(|location| Some((path(&location)?, location))).collect();
    locations.sort_by(|(a, _), (b, _)| a.cmp(b));
    // A path repeats where options of one element span statements; the first is the element itself.
    locations.dedup_by(|(later, _), (first, _)| later == first);
    locations
}

fn one_based(zero_based: i32) -> Option<u32> {
    u32::try_from(zero_based).ok()?.checked_add(1)
}
