//! Descriptor bytes in, files out, each with the bytes it was decoded from beside it.

use std::iter;

use prost::bytes::Bytes;
use prost::encoding::{DecodeContext, decode_key, skip_field};
use prost::{DecodeError, Message};

use crate::descriptor::google::protobuf::FileDescriptorProto;
use crate::parallel;
use crate::source::SourceCodeInfo;
use rgrpc_schema::{Diagnostic, Errors};

/// A set of files and everything they import, in any order.
#[derive(Debug, Clone)]
pub struct DescriptorSet {
    pub(crate) files: Vec<File>,
}

/// What a file says of itself before its first declaration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileHead<'a> {
    /// `user/v1/user.proto`
    pub name: &'a str,
    /// The names of the files that it imports.
    pub imports: &'a [String],
}

/// One file of a descriptor set.
#[derive(Debug, Clone)]
pub(crate) struct File {
    pub(crate) proto: FileDescriptorProto,
    /// What `proto` was decoded from: custom and unknown options survive only here.
    pub(crate) bytes: Bytes,
}

/// `google.protobuf.FileDescriptorSet` with its files left undecoded: a message and a `bytes` field look the same on
/// the wire.
#[derive(Clone, PartialEq, Message)]
struct RawDescriptorSet {
    #[prost(bytes = "bytes", repeated, tag = "1")]
    file: Vec<Bytes>,
}

impl DescriptorSet {
    /// Decodes a serialized `google.protobuf.FileDescriptorSet`, as `protoc --descriptor_set_out` and `buf build -o`
    /// write it; it keeps the bytes.
    ///
    /// # Errors
    /// Fails if the bytes are not such a message.
    ///
    /// ```
    /// let set = rgrpc_codegen::DescriptorSet::decode(Vec::new())?;
    /// assert_eq!(set.file_names().count(), 0);
    /// # Ok::<_, rgrpc_codegen::Errors>(())
    /// ```
    pub fn decode(bytes: impl Into<Bytes>) -> Result<Self, Errors> {
        let set = RawDescriptorSet::decode(bytes.into())
            .map_err(|error| Diagnostic::new(format!("not a serialized FileDescriptorSet: {error}")))?;
        Self::from_files(set.file)
    }

    /// Decodes files that are serialized one by one, as [`DescriptorSet::decode`] does those of a set.
    ///
    /// # Errors
    /// Fails if one of them is not a `google.protobuf.FileDescriptorProto`.
    pub fn decode_files(files: impl IntoIterator<Item = Vec<u8>>) -> Result<Self, Errors> {
        Self::from_files(files.into_iter().map(Bytes::from).collect())
    }

    pub(crate) fn from_files(files: Vec<Bytes>) -> Result<Self, Errors> {
        let mut errors = Errors::default();
        let mut decoded = Vec::with_capacity(files.len());
        let protos = parallel::map(&files, |bytes| {
            let source_code_info = SourceCodeInfo::of(bytes.clone())?;
            Ok::<_, DecodeError>(FileDescriptorProto {
                source_code_info,
                ..FileDescriptorProto::decode(bytes.clone())?
            })
        });
        for (index, (bytes, proto)) in files.into_iter().zip(protos).enumerate() {
            match proto {
                Ok(proto) => decoded.push(File { proto, bytes }),
                Err(error) => errors.push(Diagnostic::new(format!("file {index} of the descriptor set: {error}"))),
            }
        }
        errors.finish()?;
        Ok(Self { files: decoded })
    }

    /// Returns what the files say of themselves, in the order of the set.
    pub fn heads(&self) -> impl Iterator<Item = FileHead<'_>> {
        self.files.iter().map(|file| FileHead { name: file.proto.name(), imports: &file.proto.dependency })
    }

    /// Returns the set as the bytes that it was decoded from: its files are the bytes that a compiler wrote.
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        RawDescriptorSet { file: self.files.iter().map(|file| file.bytes.clone()).collect() }.encode_to_vec()
    }

    /// Returns the names of the files, in the order of the set.
    pub fn file_names(&self) -> impl Iterator<Item = &str> {
        self.files.iter().map(|file| file.proto.name())
    }
}

/// Serializes `files` as a `FileDescriptorSet` in which each file keeps its own bytes, except for the source info,
/// which no reflection client reads and which differs between front ends.
pub(crate) fn encode_set<'a>(files: impl IntoIterator<Item = &'a File>) -> Vec<u8> {
    let file = files.into_iter().map(|file| without_source_info(&file.bytes)).collect();
    RawDescriptorSet { file }.encode_to_vec()
}

fn without_source_info(bytes: &Bytes) -> Bytes {
    const SOURCE_CODE_INFO: u32 = 9;
    fields(bytes).filter(|(number, _)| *number != SOURCE_CODE_INFO).flat_map(|(_, bytes)| bytes).copied().collect()
}

/// The fields of a serialized message, by number, each with its bytes; they end where the bytes are not a message.
pub(crate) fn fields(message: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    let mut rest = message;
    iter::from_fn(move || {
        let field = rest;
        let (number, wire_type) = decode_key(&mut rest).ok()?;
        skip_field(wire_type, number, &mut rest, DecodeContext::default()).ok()?;
        Some((number, &field[..field.len() - rest.len()]))
    })
}
