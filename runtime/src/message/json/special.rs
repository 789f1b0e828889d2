//! The messages of `google.protobuf` whose JSON is not an object of their fields.

use prost_types::FieldDescriptorProto;

use crate::message::transcode::error::{Result, TranscodeError};

const NULL: &str = ".google.protobuf.NullValue";
const VALUE: &str = ".google.protobuf.Value";

/// A type with a JSON form of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Special {
    Any,
    Timestamp,
    Duration,
    FieldMask,
    Struct,
    ListValue,
    Value,
    /// `Int32Value` and the like: the JSON of the one field.
    Wrapper,
}

impl Special {
    /// `Timestamp` of `.google.protobuf.Timestamp`
    pub(super) fn of(type_name: &str) -> Option<Self> {
        Some(match type_name.strip_prefix(".google.protobuf.")? {
            "Any" => Self::Any,
            "Timestamp" => Self::Timestamp,
            "Duration" => Self::Duration,
            "FieldMask" => Self::FieldMask,
            "Struct" => Self::Struct,
            "ListValue" => Self::ListValue,
            "Value" => Self::Value,
            "BoolValue" | "BytesValue" | "DoubleValue" | "FloatValue" | "Int32Value" | "Int64Value" | "StringValue"
            | "UInt32Value" | "UInt64Value" => Self::Wrapper,
            _ => return None,
        })
    }
}

/// Whether the only value of a field is JSON's null.
pub(super) fn is_null(field: &FieldDescriptorProto) -> bool {
    field.type_name() == NULL
}

/// Whether null is a value of the field, and not its absence.
pub(super) fn takes_null(field: &FieldDescriptorProto) -> bool {
    matches!(field.type_name(), NULL | VALUE)
}

/// Whether an `Any` has the JSON of this message as its member `value`, and not its fields beside `@type`.
pub(super) fn is_value_of_any(type_name: &str) -> bool {
    type_name == ".google.protobuf.Empty" || Special::of(type_name).is_some()
}

/// `.user.v1.User` of `type.googleapis.com/user.v1.User`
pub(super) fn type_of_url(url: &str) -> Result<String> {
    match url.rsplit_once('/') {
        Some((_, name)) if !name.is_empty() => Ok(format!(".{name}")),
        _ => Err(TranscodeError::new(format!("`{url}` names no type")).within("@type")),
    }
}
