//! The `.proto` files that come with protoc, compiled: the well-known types, `descriptor.proto`, `plugin.proto` and the
//! features of each language.
//!
//! They keep every option, those with `RETENTION_SOURCE` included, and have no source info. If the user has a copy of one of these
//! files, use that instead.

/// The version of protoc that compiled the files.
pub const PROTOC: &str = "36.2";

macro_rules! files {
    ($($name:literal)*) => {
        [$((concat!("google/protobuf/", $name, ".proto"), include_bytes!(concat!($name, ".binpb")))),*]
    };
}

const FILES: &[(&str, &[u8])] = &files![
    "any"
    "api"
    "c_sharp_features"
    "compiler/plugin"
    "cpp_features"
    "cpp_file_options"
    "cpp_options"
    "descriptor"
    "duration"
    "empty"
    "field_mask"
    "go_features"
    "java_features"
    "json_enumvalue_options"
    "json_options"
    "source_context"
    "struct"
    "timestamp"
    "type"
    "wrappers"
];

/// Returns the serialized `FileDescriptorProto` of a bundled file, by the name under which it is imported.
///
/// ```
/// assert!(rgrpc_schema::bundled::descriptor("google/protobuf/any.proto").is_some());
/// assert!(rgrpc_schema::bundled::descriptor("user.proto").is_none());
/// ```
#[must_use]
pub fn descriptor(name: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}

/// Returns the names of the bundled files, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}
