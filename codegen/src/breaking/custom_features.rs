//! Features that the generators of C++ and Java define: the bytes of a file in, what holds for each of its fields out.
//!
//! They are extensions of `google.protobuf.FeatureSet`, which survive only in the bytes of a descriptor. A file or a field
//! may state them. Source: `google/protobuf/cpp_features.proto` and `google/protobuf/java_features.proto`.

use std::collections::BTreeMap;

use prost::Message;

use crate::source::{MessageStep, Path, Step};

/// What holds for a field, as the number of the value; nothing where neither it nor its file says so.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct CustomFeatures {
    /// `pb.CppFeatures.StringType`
    pub(super) cpp_string_type: Option<i32>,
    /// `pb.JavaFeatures.Utf8Validation`
    pub(super) java_utf8_validation: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
struct Cpp {
    #[prost(int32, optional, tag = "2")]
    string_type: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
struct Java {
    #[prost(int32, optional, tag = "2")]
    utf8_validation: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
struct Features {
    #[prost(message, optional, tag = "1000")]
    cpp: Option<Cpp>,
    #[prost(message, optional, tag = "1001")]
    java: Option<Java>,
}

#[derive(Clone, PartialEq, Message)]
struct FileOptions {
    #[prost(message, optional, tag = "50")]
    features: Option<Features>,
}

#[derive(Clone, PartialEq, Message)]
struct FieldOptions {
    #[prost(message, optional, tag = "21")]
    features: Option<Features>,
}

#[derive(Clone, PartialEq, Message)]
struct Field {
    #[prost(message, optional, tag = "8")]
    options: Option<FieldOptions>,
}

#[derive(Clone, PartialEq, Message)]
struct Declared {
    #[prost(message, repeated, tag = "2")]
    field: Vec<Field>,
    #[prost(message, repeated, tag = "3")]
    nested_type: Vec<Declared>,
    #[prost(message, repeated, tag = "6")]
    extension: Vec<Field>,
}

#[derive(Clone, PartialEq, Message)]
struct File {
    #[prost(message, repeated, tag = "4")]
    message_type: Vec<Declared>,
    #[prost(message, repeated, tag = "7")]
    extension: Vec<Field>,
    #[prost(message, optional, tag = "8")]
    options: Option<FileOptions>,
}

/// What holds for the fields and extensions of a file, by path; those for which nothing is said are left out.
pub(super) fn of_file(bytes: &[u8]) -> BTreeMap<Path, CustomFeatures> {
    let mut found = BTreeMap::new();
    // Options that another tool wrote need not be what they are here.
    let Ok(file) = File::decode(bytes) else { return found };
    let scope = within(CustomFeatures::default(), file.options.and_then(|options| options.features));
    for (index, message) in file.message_type.iter().enumerate() {
        in_message(message, &Path::file(Step::Message, index), scope, &mut found);
    }
    for (index, field) in file.extension.iter().enumerate() {
        add(field, Path::file(Step::Extension, index), scope, &mut found);
    }
    found
}

fn in_message(message: &Declared, path: &Path, scope: CustomFeatures, found: &mut BTreeMap<Path, CustomFeatures>) {
    for (index, field) in message.field.iter().enumerate() {
        add(field, path.in_message(MessageStep::Field, index), scope, found);
    }
    for (index, field) in message.extension.iter().enumerate() {
        add(field, path.in_message(MessageStep::Extension, index), scope, found);
    }
    for (index, nested) in message.nested_type.iter().enumerate() {
        in_message(nested, &path.in_message(MessageStep::Nested, index), scope, found);
    }
}

fn add(field: &Field, path: Path, scope: CustomFeatures, found: &mut BTreeMap<Path, CustomFeatures>) {
    let features = within(scope, field.options.as_ref().and_then(|options| options.features.clone()));
    if features != CustomFeatures::default() {
        found.insert(path, features);
    }
}

/// A feature that is not stated, or stated as 0 (`..._UNKNOWN`), is the file's.
fn within(scope: CustomFeatures, own: Option<Features>) -> CustomFeatures {
    let Some(Features { cpp, java }) = own else { return scope };
    let stated = |own: Option<i32>, scope: Option<i32>| own.filter(|&value| value != 0).or(scope);
    CustomFeatures {
        cpp_string_type: stated(cpp.and_then(|cpp| cpp.string_type), scope.cpp_string_type),
        java_utf8_validation: stated(java.and_then(|java| java.utf8_validation), scope.java_utf8_validation),
    }
}
