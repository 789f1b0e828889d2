//! Rewrites a file of an edition as a file of proto3 with the same meaning, as far as prost-build reads it.
//!
//! Features are resolved here independently, by the rules of descriptor.proto alone, so that the comparison covers the generator's own
//! resolution.

use prost::Message;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

const IMPLICIT: i32 = 2;
const LEGACY_REQUIRED: i32 = 3;
const EXPANDED: i32 = 2;
const DELIMITED: i32 = 2;

/// The features of `google.protobuf.FeatureSet` that affect messages.
#[derive(Clone, Copy, PartialEq, Message)]
struct Features {
    #[prost(int32, optional, tag = "1")]
    field_presence: Option<i32>,
    #[prost(int32, optional, tag = "3")]
    repeated_field_encoding: Option<i32>,
    #[prost(int32, optional, tag = "5")]
    message_encoding: Option<i32>,
}

impl Features {
    fn below(self, scope: Self) -> Self {
        Self {
            field_presence: self.field_presence.or(scope.field_presence),
            repeated_field_encoding: self.repeated_field_encoding.or(scope.repeated_field_encoding),
            message_encoding: self.message_encoding.or(scope.message_encoding),
        }
    }
}

/// Declares the options of an element, of which only the features are read.
macro_rules! options {
    ($($name:ident = $tag:literal;)*) => {$(
        #[derive(Clone, PartialEq, Message)]
        struct $name {
            #[prost(message, optional, tag = $tag)]
            features: Option<Features>,
        }
    )*};
}

options! {
    FileOptions = "50";
    MessageOptions = "12";
    OneofOptions = "1";
    FieldOptions = "21";
}

#[derive(Clone, PartialEq, Message)]
struct File {
    #[prost(message, repeated, tag = "4")]
    messages: Vec<Declared>,
    #[prost(message, optional, tag = "8")]
    options: Option<FileOptions>,
    #[prost(int32, optional, tag = "14")]
    edition: Option<i32>,
}

#[derive(Clone, PartialEq, Message)]
struct Declared {
    #[prost(message, repeated, tag = "2")]
    fields: Vec<Field>,
    #[prost(message, repeated, tag = "3")]
    nested: Vec<Declared>,
    #[prost(message, optional, tag = "7")]
    options: Option<MessageOptions>,
    #[prost(message, repeated, tag = "8")]
    oneofs: Vec<Oneof>,
}

#[derive(Clone, PartialEq, Message)]
struct Field {
    #[prost(message, optional, tag = "8")]
    options: Option<FieldOptions>,
}

#[derive(Clone, PartialEq, Message)]
struct Oneof {
    #[prost(message, optional, tag = "2")]
    options: Option<OneofOptions>,
}

/// Decodes a file, and rewrites it for prost-build.
pub fn for_prost(bytes: &[u8]) -> FileDescriptorProto {
    let mut file = FileDescriptorProto::decode(bytes).expect("a file");
    let declared = File::decode(bytes).expect("a file");
    if declared.edition.is_some() {
        file.syntax = Some("proto3".to_owned());
        let features = declared.options.and_then(|options| options.features).unwrap_or_default();
        for (message, declared) in file.message_type.iter_mut().zip(&declared.messages) {
            rewrite(message, declared, features);
        }
    }
    file
}

fn rewrite(message: &mut DescriptorProto, declared: &Declared, scope: Features) {
    let features = declared.options.as_ref().and_then(|options| options.features).unwrap_or_default().below(scope);
    let is_entry = message.options.as_ref().is_some_and(prost_types::MessageOptions::map_entry);
    let entries: Vec<String> = message
        .nested_type
        .iter()
        .filter(|nested| nested.options.as_ref().is_some_and(prost_types::MessageOptions::map_entry))
        .map(|entry| format!(".{}", entry.name()))
        .collect();
    for (field, declared_field) in message.field.iter_mut().zip(&declared.fields) {
        let is_map =
            field.label() == Label::Repeated && entries.iter().any(|entry| field.type_name().ends_with(&**entry));
        if is_entry || is_map {
            continue;
        }
        let oneof = field.oneof_index.and_then(|index| declared.oneofs.get(usize::try_from(index).ok()?));
        let scope = oneof.and_then(|oneof| oneof.options.as_ref()?.features).unwrap_or_default().below(features);
        let own = declared_field.options.as_ref().and_then(|options| options.features).unwrap_or_default();
        rewrite_field(field, own.below(scope));
    }
    for (nested, declared) in message.nested_type.iter_mut().zip(&declared.nested) {
        rewrite(nested, declared, features);
    }
}

fn rewrite_field(field: &mut FieldDescriptorProto, features: Features) {
    if field.r#type() == Type::Message && features.message_encoding == Some(DELIMITED) {
        field.set_type(Type::Group);
    }
    if field.label() == Label::Repeated {
        if features.repeated_field_encoding == Some(EXPANDED) {
            field.options.get_or_insert_default().packed = Some(false);
        } else if field.options.is_some() {
            field.options.get_or_insert_default().packed = Some(true);
        }
    } else if field.oneof_index.is_none() {
        match features.field_presence {
            Some(LEGACY_REQUIRED) => field.set_label(Label::Required),
            _ if field.r#type() == Type::Message => {}
            Some(IMPLICIT) if field.r#type() != Type::Group => {}
            _ => field.proto3_optional = Some(true),
        }
    }
}
