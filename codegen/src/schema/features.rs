//! Feature resolution: the features an element states and those of its scope go in, the resolved ones come out.
//!
//! The order is that of descriptor.proto: edition defaults, file, message, oneof, field; for enums and extensions,
//! the scope they are declared in. proto2 and proto3 are editions with defaults of their own, whose fields state
//! their features in the older spellings.

use super::editions::{self, Edition};
use crate::descriptor::google::protobuf::feature_set::{
    EnumType, FieldPresence, JsonFormat, MessageEncoding, RepeatedFieldEncoding, Utf8Validation,
};
use crate::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use crate::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FeatureSet, FieldDescriptorProto, FileDescriptorProto, OneofDescriptorProto,
};

/// The features of a file, the outermost scope.
pub(crate) fn of_file(file: &FileDescriptorProto) -> FeatureSet {
    let defaults = defaults(editions::of(file).unwrap_or(Edition::Edition2023));
    merge(&defaults, file.options.as_ref().and_then(|options| options.features.as_ref()))
}

pub(crate) fn of_message(message: &DescriptorProto, scope: &FeatureSet) -> FeatureSet {
    merge(scope, message.options.as_ref().and_then(|options| options.features.as_ref()))
}

pub(crate) fn of_oneof(oneof: &OneofDescriptorProto, scope: &FeatureSet) -> FeatureSet {
    merge(scope, oneof.options.as_ref().and_then(|options| options.features.as_ref()))
}

pub(crate) fn of_enum(enumeration: &EnumDescriptorProto, scope: &FeatureSet) -> FeatureSet {
    merge(scope, enumeration.options.as_ref().and_then(|options| options.features.as_ref()))
}

/// The features of a field or an extension, from its own options and the older spellings.
///
/// protoc refuses the older spellings in a file with an edition, and features in one without, so there is no
/// precedence between them.
pub(crate) fn of_field(field: &FieldDescriptorProto, scope: &FeatureSet) -> FeatureSet {
    let mut features = merge(scope, field.options.as_ref().and_then(|options| options.features.as_ref()));
    if field.label() == Label::Required {
        features.set_field_presence(FieldPresence::LegacyRequired);
    }
    if field.proto3_optional() {
        features.set_field_presence(FieldPresence::Explicit);
    }
    if field.r#type() == Type::Group {
        features.set_message_encoding(MessageEncoding::Delimited);
    }
    match field.options.as_ref().and_then(|options| options.packed) {
        Some(true) => features.set_repeated_field_encoding(RepeatedFieldEncoding::Packed),
        Some(false) => features.set_repeated_field_encoding(RepeatedFieldEncoding::Expanded),
        None => {}
    }
    features
}

/// What `protoc --edition_defaults_out` prints for the features that decide about messages; those about names and
/// visibility are protoc's own business.
fn defaults(edition: Edition) -> FeatureSet {
    let mut features = FeatureSet::default();
    features.set_field_presence(FieldPresence::Explicit);
    features.set_enum_type(EnumType::Open);
    features.set_repeated_field_encoding(RepeatedFieldEncoding::Packed);
    features.set_utf8_validation(Utf8Validation::Verify);
    features.set_message_encoding(MessageEncoding::LengthPrefixed);
    features.set_json_format(JsonFormat::Allow);
    match edition {
        Edition::Proto2 => {
            features.set_enum_type(EnumType::Closed);
            features.set_repeated_field_encoding(RepeatedFieldEncoding::Expanded);
            features.set_utf8_validation(Utf8Validation::None);
            features.set_json_format(JsonFormat::LegacyBestEffort);
        }
        Edition::Proto3 => features.set_field_presence(FieldPresence::Implicit),
        _ => {}
    }
    features
}

/// A feature that is not stated, or stated as 0 (`..._UNKNOWN`), is the scope's.
fn merge(scope: &FeatureSet, own: Option<&FeatureSet>) -> FeatureSet {
    let Some(own) = own else { return *scope };
    let pick = |own: Option<i32>, scope: Option<i32>| own.filter(|&value| value != 0).or(scope);
    FeatureSet {
        field_presence: pick(own.field_presence, scope.field_presence),
        enum_type: pick(own.enum_type, scope.enum_type),
        repeated_field_encoding: pick(own.repeated_field_encoding, scope.repeated_field_encoding),
        utf8_validation: pick(own.utf8_validation, scope.utf8_validation),
        message_encoding: pick(own.message_encoding, scope.message_encoding),
        json_format: pick(own.json_format, scope.json_format),
        enforce_naming_style: pick(own.enforce_naming_style, scope.enforce_naming_style),
        default_symbol_visibility: pick(own.default_symbol_visibility, scope.default_symbol_visibility),
        enforce_proto_limits: pick(own.enforce_proto_limits, scope.enforce_proto_limits),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::descriptor::google::protobuf::{FieldOptions, FileOptions, MessageOptions, OneofOptions};

    fn check(syntax: &str, edition: Option<i32>, expected: &str) {
        let file = FileDescriptorProto { syntax: Some(syntax.to_owned()), edition, ..FileDescriptorProto::default() };
        assert_eq!(print(&of_file(&file)), expected);
    }

    fn print(features: &FeatureSet) -> String {
        let words = [
            features.field_presence().as_str_name(),
            features.enum_type().as_str_name(),
            features.repeated_field_encoding().as_str_name(),
            features.utf8_validation().as_str_name(),
            features.message_encoding().as_str_name(),
            features.json_format().as_str_name(),
        ];
        words.join(" ")
    }

    fn presence(presence: FieldPresence) -> FeatureSet {
        let mut features = FeatureSet::default();
        features.set_field_presence(presence);
        features
    }

    #[test]
    fn every_edition_has_the_defaults_that_protoc_prints() {
        check("", None, "EXPLICIT CLOSED EXPANDED NONE LENGTH_PREFIXED LEGACY_BEST_EFFORT");
        check("proto2", None, "EXPLICIT CLOSED EXPANDED NONE LENGTH_PREFIXED LEGACY_BEST_EFFORT");
        check("proto3", None, "IMPLICIT OPEN PACKED VERIFY LENGTH_PREFIXED ALLOW");
        check("editions", Some(1000), "EXPLICIT OPEN PACKED VERIFY LENGTH_PREFIXED ALLOW");
        check("editions", Some(1001), "EXPLICIT OPEN PACKED VERIFY LENGTH_PREFIXED ALLOW");
    }

    #[test]
    fn an_inner_scope_overrides_an_outer_one() {
        let file = FileDescriptorProto {
            syntax: Some("editions".to_owned()),
            edition: Some(1000),
            options: Some(FileOptions { features: Some(presence(FieldPresence::Implicit)), ..FileOptions::default() }),
            ..FileDescriptorProto::default()
        };
        let message = |features| DescriptorProto {
            options: Some(Box::new(MessageOptions { features, ..MessageOptions::default() })),
            ..DescriptorProto::default()
        };
        let oneof = |features| OneofDescriptorProto {
            options: Some(OneofOptions { features, ..OneofOptions::default() }),
            ..OneofDescriptorProto::default()
        };
        let field = |features| FieldDescriptorProto {
            options: Some(Box::new(FieldOptions { features, ..FieldOptions::default() })),
            ..FieldDescriptorProto::default()
        };
        let features = of_file(&file);
        assert_eq!(features.field_presence(), FieldPresence::Implicit);
        let features = of_message(&message(None), &features);
        assert_eq!(features.field_presence(), FieldPresence::Implicit);
        let features = of_message(&message(Some(presence(FieldPresence::LegacyRequired))), &features);
        assert_eq!(features.field_presence(), FieldPresence::LegacyRequired);
        let features = of_oneof(&oneof(Some(presence(FieldPresence::Explicit))), &features);
        assert_eq!(features.field_presence(), FieldPresence::Explicit);
        let features = of_field(&field(Some(presence(FieldPresence::Implicit))), &features);
        assert_eq!(features.field_presence(), FieldPresence::Implicit);
    }

    #[test]
    fn a_feature_stated_as_unknown_is_not_stated() {
        let message = DescriptorProto {
            options: Some(Box::new(MessageOptions {
                features: Some(presence(FieldPresence::Unknown)),
                ..MessageOptions::default()
            })),
            ..DescriptorProto::default()
        };
        let scope = presence(FieldPresence::Implicit);
        assert_eq!(of_message(&message, &scope).field_presence(), FieldPresence::Implicit);
    }

    #[test]
    fn the_older_spellings_are_features() {
        let spelled = |field: &FieldDescriptorProto| print(&of_field(field, &defaults(Edition::Proto2)));
        let mut field = FieldDescriptorProto::default();
        field.set_label(Label::Required);
        field.set_type(Type::Group);
        field.options.get_or_insert_default().packed = Some(true);
        assert_eq!(spelled(&field), "LEGACY_REQUIRED CLOSED PACKED NONE DELIMITED LEGACY_BEST_EFFORT");
        let field = FieldDescriptorProto { proto3_optional: Some(true), ..FieldDescriptorProto::default() };
        assert_eq!(of_field(&field, &defaults(Edition::Proto3)).field_presence(), FieldPresence::Explicit);
    }
}
