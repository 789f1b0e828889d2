//! The files that protoc brings along, as protoc compiled them: the well-known types, `descriptor.proto`, `plugin.proto` and
//! the features of languages.
//!
//! They have every option, those that only compilers read included, and neither comments nor positions. A user's own copy
//! is to be used instead.

/// The version of the protoc that compiled them.
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

/// Returns the serialized `FileDescriptorProto` of a file by the name that imports spell: `google/protobuf/any.proto`.
#[must_use]
pub fn descriptor(name: &str) -> Option<&'static [u8]> {
    FILES.iter().find(|(known, _)| *known == name).map(|(_, bytes)| *bytes)
}

/// Returns the names of the files, sorted.
pub fn names() -> impl Iterator<Item = &'static str> {
    FILES.iter().map(|(name, _)| *name)
}
