//! The messages of descriptor.proto.

use super::options::Options;
use crate::file::{Kind as Type, Label};

/// `google.protobuf.FileDescriptorProto`
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub struct FileDescriptorProto<'a> {
    pub name: Option<&'a str>,
    pub package: Option<&'a str>,
    pub dependency: Vec<&'a str>,
    pub public_dependency: Vec<i32>,
    pub weak_dependency: Vec<i32>,
    pub message_type: Vec<DescriptorProto<'a>>,
    pub enum_type: Vec<EnumDescriptorProto<'a>>,
    pub service: Vec<ServiceDescriptorProto<'a>>,
    pub extension: Vec<FieldDescriptorProto<'a>>,
    pub options: Options<'a>,
    /// The serialized `google.protobuf.SourceCodeInfo`, usually the larger part of a file.
    pub source_code_info: Option<&'a [u8]>,
    pub syntax: Option<&'a str>,
    pub edition: Option<i32>,
    pub option_dependency: Vec<&'a str>,
    /// The serialized file.
    pub bytes: &'a [u8],
}

/// `google.protobuf.DescriptorProto`
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub struct DescriptorProto<'a> {
    pub name: Option<&'a str>,
    pub field: Vec<FieldDescriptorProto<'a>>,
    pub extension: Vec<FieldDescriptorProto<'a>>,
    pub nested_type: Vec<DescriptorProto<'a>>,
    pub enum_type: Vec<EnumDescriptorProto<'a>>,
    pub extension_range: Vec<ExtensionRange<'a>>,
    pub oneof_decl: Vec<OneofDescriptorProto<'a>>,
    pub options: Options<'a>,
    pub reserved_range: Vec<Range>,
    /// Arbitrary bytes: protoc does not require UTF-8 here.
    pub reserved_name: Vec<&'a [u8]>,
    pub visibility: Option<i32>,
}

/// `google.protobuf.FieldDescriptorProto`
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub struct FieldDescriptorProto<'a> {
    pub name: Option<&'a str>,
    pub number: Option<i32>,
    pub label: Option<i32>,
    pub r#type: Option<i32>,
    pub type_name: Option<&'a str>,
    pub extendee: Option<&'a str>,
    /// Arbitrary bytes: protoc does not require UTF-8 here.
    pub default_value: Option<&'a [u8]>,
    pub oneof_index: Option<i32>,
    /// Arbitrary bytes: protoc does not require UTF-8 here.
    pub json_name: Option<&'a [u8]>,
    pub options: Options<'a>,
    pub proto3_optional: bool,
}

/// `google.protobuf.OneofDescriptorProto`
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub struct OneofDescriptorProto<'a> {
    pub name: Option<&'a str>,
    pub options: Options<'a>,
}

/// `google.protobuf.EnumDescriptorProto`
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub struct EnumDescriptorProto<'a> {
    pub name: Option<&'a str>,
    pub value: Vec<EnumValueDescriptorProto<'a>>,
    pub options: Options<'a>,
    pub reserved_range: Vec<Range>,
    /// Arbitrary bytes: protoc does not require UTF-8 here.
    pub reserved_name: Vec<&'a [u8]>,
    pub visibility: Option<i32>,
}

/// `google.protobuf.EnumValueDescriptorProto`
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub struct EnumValueDescriptorProto<'a> {
    pub name: Option<&'a str>,
    pub number: Option<i32>,
    pub options: Options<'a>,
}

/// `google.protobuf.ServiceDescriptorProto`
#[derive(Debug, Clone, Default)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub struct ServiceDescriptorProto<'a> {
    pub name: Option<&'a str>,
    pub method: Vec<MethodDescriptorProto<'a>>,
    pub options: Options<'a>,
}

/// `google.protobuf.MethodDescriptorProto`
#[derive(Debug, Clone, Copy, Default)]
#[allow(missing_docs, reason = "descriptor.proto says it")]
pub struct MethodDescriptorProto<'a> {
    pub name: Option<&'a str>,
    pub input_type: Option<&'a str>,
    pub output_type: Option<&'a str>,
    pub options: Options<'a>,
    pub client_streaming: bool,
    pub server_streaming: bool,
}

/// `google.protobuf.DescriptorProto.ExtensionRange`
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct ExtensionRange<'a> {
    pub range: Range,
    pub options: Options<'a>,
}

/// A range of numbers. The end is exclusive for messages and inclusive for enums.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Range {
    pub start: i32,
    pub end: i32,
}

/// Implements accessors that return the default of the type if the field is not set.
macro_rules! or_default {
    ($($message:ident { $($field:ident: $ty:ty),+ })+) => {
        $(impl<'a> $message<'a> {
            $(
                #[doc = concat!("Returns `", stringify!($field), "`, or the default of its type.")]
                #[must_use]
                pub fn $field(&self) -> $ty {
                    self.$field.unwrap_or_default()
                }
            )+
        })+
    };
}

or_default! {
    FileDescriptorProto { name: &'a str, package: &'a str, syntax: &'a str }
    DescriptorProto { name: &'a str }
    FieldDescriptorProto { name: &'a str, number: i32, type_name: &'a str, extendee: &'a str }
    OneofDescriptorProto { name: &'a str }
    EnumDescriptorProto { name: &'a str }
    EnumValueDescriptorProto { name: &'a str, number: i32 }
    ServiceDescriptorProto { name: &'a str }
    MethodDescriptorProto { name: &'a str, input_type: &'a str, output_type: &'a str }
}

impl<'a> FieldDescriptorProto<'a> {
    /// Returns the default value, if there is one and it is UTF-8.
    #[must_use]
    pub fn default_value(&self) -> Option<&'a str> {
        std::str::from_utf8(self.default_value?).ok()
    }

    /// Returns the JSON name, if there is one and it is UTF-8.
    #[must_use]
    pub fn json_name(&self) -> Option<&'a str> {
        std::str::from_utf8(self.json_name?).ok()
    }

    /// Returns the label; `Optional` if it is missing or unknown.
    #[must_use]
    pub fn label(&self) -> Label {
        self.label.and_then(Label::from_number).unwrap_or(Label::Optional)
    }

    /// Returns the type; `Double` if it is missing or unknown.
    #[must_use]
    pub fn r#type(&self) -> Type {
        self.r#type.and_then(Type::from_number).unwrap_or(Type::Double)
    }
}
