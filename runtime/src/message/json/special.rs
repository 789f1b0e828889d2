//! The messages of `google.protobuf` that have a JSON form of their own.

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
    /// `.google.protobuf.Timestamp` becomes `Timestamp`.
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

/// Whether the field is a `NullValue`, which is always `null` in JSON.
pub(super) fn is_null(field: &FieldDescriptorProto) -> bool {
    field.type_name() == NULL
}

/// Whether null sets the field, instead of leaving it unset.
pub(super) fn takes_null(field: &FieldDescriptorProto) -> bool {
    matches!(field.type_name(), NULL | VALUE)
}

/// Whether an `Any` has the JSON of this message as its member `value`, and not its fields beside `@type`.
pub(super) fn is_value_of_any(type_name: &str) -> bool {
    type_name == ".google.protobuf.Empty" || Special::of(type_name).is_some()
}

/// `type.googleapis.com/user.v1.User` becomes `.user.v1.User`.
pub(super) fn type_of_url(url: &str) -> Result<String> {
    match url.rsplit_once('/') {
        Some((_, name)) if !name.is_empty() => Ok(format!(".{name}")),
        _ => Err(TranscodeError::new(format!("`{url}` names no type")).within("@type")),
    }
}
