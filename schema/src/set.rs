//! Descriptor sets: a serialized `FileDescriptorSet`, and its serialized files.

use std::ops::Range;

use crate::descriptor::{self, FileDescriptorProto};
use crate::parallel::{self, Work};
use crate::wire::{Malformed, Value, payloads, put_bytes, records};
use crate::{Diagnostic, Errors, Position};

/// The number of `FileDescriptorSet.file`.
const FILE: i32 = 1;

/// A serialized `google.protobuf.FileDescriptorSet`: files and everything that they import, in any order.
///
/// It keeps the bytes that it is made of, so that custom and unknown options are never lost, and reads files in place.
#[derive(Debug, Clone, Default)]
pub struct DescriptorSet {
    buffers: Vec<Vec<u8>>,
    files: Vec<Slice>,
}

/// A file in one of the buffers.
#[derive(Debug, Clone)]
struct Slice {
    buffer: usize,
    range: Range<usize>,
}

/// The name and the imports of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FileImports<'a> {
    /// The name of the file: `user/v1/user.proto`.
    pub name: &'a str,
    /// The names of the files that it imports.
    pub imports: Vec<&'a str>,
}

impl DescriptorSet {
    /// Decodes a serialized `google.protobuf.FileDescriptorSet`, as `protoc --descriptor_set_out` and `buf build -o` write it.
    ///
    /// # Errors
    /// Fails if the bytes, or those of a file, are not such a message.
    ///
    /// ```
    /// let set = rgrpc_schema::DescriptorSet::decode(Vec::new())?;
    /// assert_eq!(set.file_names().count(), 0);
    /// # Ok::<_, rgrpc_schema::Errors>(())
    /// ```
    pub fn decode(bytes: impl Into<Vec<u8>>) -> Result<Self, Errors> {
        Self::of_field(bytes.into(), FILE).map_err(|Malformed| not_a_set())?.checked()
    }

    /// Returns the set of serialized `google.protobuf.FileDescriptorProto`s.
    ///
    /// # Errors
    /// Fails if one of them is not such a message.
    pub fn decode_files(files: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, Errors> {
        let buffers: Vec<_> = files.into_iter().collect();
        let files = buffers.iter().enumerate().map(|(buffer, bytes)| Slice { buffer, range: 0..bytes.len() }).collect();
        Self { buffers, files }.checked()
    }

    /// Returns the set of the files in a repeated field of any serialized message.
    ///
    /// # Errors
    /// Fails if the bytes are not a message, or if one of the files is not a `google.protobuf.FileDescriptorProto`.
    #[doc(hidden)]
    pub fn decode_field(bytes: Vec<u8>, field: i32) -> Result<Self, Errors> {
        Self::of_field(bytes, field).map_err(|Malformed| not_a_set())?.checked()
    }

    fn of_field(bytes: Vec<u8>, field: i32) -> Result<Self, Malformed> {
        let mut files = Vec::new();
        let mut end = 0;
        for record in records(&bytes) {
            let record = record?;
            end += record.raw.len();
            match record.value {
                Value::Bytes(file) if record.number == field => {
                    files.push(Slice { buffer: 0, range: end - file.len()..end });
                }
                _ if record.number == field => return Err(Malformed),
                _ => {}
            }
        }
        Ok(Self { buffers: vec![bytes], files })
    }

    fn checked(self) -> Result<Self, Errors> {
        let mut errors = Errors::default();
        errors.extend(self.files().filter(|file| read_imports(file).is_err()).map(malformed));
        errors.finish()?;
        Ok(self)
    }

    /// Returns the serialized files, in the order of the set.
    #[must_use]
    pub fn files(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        self.files.iter().map(|file| &self.buffers[file.buffer][file.range.clone()])
    }

    /// Returns the names and imports of the files, in the order of the set.
    pub fn file_imports(&self) -> impl Iterator<Item = FileImports<'_>> {
        self.files().filter_map(|file| read_imports(file).ok())
    }

    /// Returns the names of the files, in the order of the set.
    pub fn file_names(&self) -> impl Iterator<Item = &str> {
        self.file_imports().map(|file| file.name)
    }

    /// Decodes the files, in the order of the set.
    ///
    /// # Errors
    /// Fails with an error for each file that is not a `google.protobuf.FileDescriptorProto`.
    pub fn read(&self) -> Result<Vec<FileDescriptorProto<'_>>, Errors> {
        let files: Vec<&[u8]> = self.files().collect();
        let mut errors = Errors::default();
        let mut read = Vec::with_capacity(files.len());
        let descriptors = parallel::map(Work::Little, &files, |bytes| descriptor::read(bytes));
        for (bytes, file) in files.iter().zip(descriptors) {
            match file {
                Ok(file) => read.push(file),
                Err(Malformed) => errors.push(malformed(bytes)),
            }
        }
        errors.finish()?;
        Ok(read)
    }

    /// Returns the serialized `google.protobuf.FileDescriptorSet`, whose files are byte for byte those that the set was made of.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        join(&self.files().collect::<Vec<_>>())
    }
}

fn not_a_set() -> Diagnostic {
    Diagnostic::new("not a serialized FileDescriptorSet")
}

/// Returns the error for a file that is not a valid descriptor.
pub(crate) fn malformed(file: &[u8]) -> Diagnostic {
    let name = payloads(file, crate::tags::file::NAME).next().map(String::from_utf8_lossy).unwrap_or_default();
    let file = if name.is_empty() { "a file of a descriptor set".to_owned() } else { name.into_owned() };
    Diagnostic::at(Position { file, line_column: None }, "this is not a valid descriptor").help(
        "write it again with `protoc --include_imports --descriptor_set_out` or `buf build --as-file-descriptor-set`",
    )
}

fn read_imports(file: &[u8]) -> Result<FileImports<'_>, Malformed> {
    use crate::tags::file as tags;
    let (mut name, mut imports) = ("", Vec::new());
    for record in records(file) {
        let record = record?;
        match record.number {
            tags::NAME => name = record.text()?,
            tags::DEPENDENCY => imports.push(record.text()?),
            _ => {}
        }
    }
    Ok(FileImports { name, imports })
}

/// Splits a serialized `google.protobuf.FileDescriptorSet` into its serialized files, without decoding them.
///
/// ```
/// use rgrpc_schema::{bundled, join, split};
///
/// let any = bundled::descriptor("google/protobuf/any.proto").unwrap();
/// assert_eq!(split(&join(&[any]))?, [any]);
/// # Ok::<_, rgrpc_schema::Diagnostic>(())
/// ```
///
/// # Errors
/// Fails if the bytes are not such a message.
pub fn split(set: &[u8]) -> Result<Vec<&[u8]>, Diagnostic> {
    let mut files = Vec::new();
    for record in records(set) {
        match record {
            Ok(record) if record.number == FILE => files.push(record.payload().map_err(|Malformed| not_a_set())?),
            Ok(_) => {}
            Err(Malformed) => return Err(not_a_set()),
        }
    }
    Ok(files)
}

/// Joins serialized files to a serialized `google.protobuf.FileDescriptorSet`.
#[must_use]
pub fn join<T: AsRef<[u8]>>(files: &[T]) -> Vec<u8> {
    let mut set = Vec::with_capacity(files.iter().map(|file| file.as_ref().len() + 10).sum());
    for file in files {
        put_bytes(&mut set, FILE, file.as_ref());
    }
    set
}

/// Returns a serialized `google.protobuf.FileDescriptorProto` without its source info.
#[must_use]
pub fn without_source_info(file: &[u8]) -> Vec<u8> {
    let records = records(file).map_while(Result::ok);
    let kept = records.filter(|record| record.number != crate::tags::file::SOURCE_CODE_INFO);
    kept.flat_map(|record| record.raw).copied().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn splitting_undoes_joining() {
        let files = [Vec::new(), vec![7; 127], vec![8; 300]];
        assert_eq!(split(&join(&files)).unwrap(), files);
    }

    #[test]
    fn bytes_that_are_not_a_set_are_refused() {
        for bytes in [&b"syntax"[..], &[0x0a, 5, 1], &[0x08, 1]] {
            assert!(split(bytes).is_err(), "{bytes:?}");
        }
    }
}
