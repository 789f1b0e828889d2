//! A field and the features of its scope go in, prost's descriptor of it comes out, with every feature spelled in the
//! bits that prost-build reads.

mod floats;

use super::{features, transcode};
use crate::descriptor::google::protobuf::feature_set::{FieldPresence, MessageEncoding, RepeatedFieldEncoding};
use crate::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use crate::descriptor::google::protobuf::{FeatureSet, FieldDescriptorProto};

/// Lowers a field that is no map and no part of a map entry, or an extension.
pub(super) fn lower(field: &FieldDescriptorProto, scope: &FeatureSet) -> prost_types::FieldDescriptorProto {
    let features = features::of_field(field, scope);
    let mut lowered = copy(field);
    if field.r#type() == Type::Message && features.message_encoding() == MessageEncoding::Delimited {
        lowered.set_type(prost_types::field_descriptor_proto::Type::Group);
    }
    if field.label() == Label::Repeated {
        if is_packable(field.r#type()) {
            // Without it, prost-build expands every field that has any other option.
            let packed = features.repeated_field_encoding() == RepeatedFieldEncoding::Packed;
            lowered.options.get_or_insert_default().packed = Some(packed);
        }
    } else if field.oneof_index.is_none() && field.extendee.is_none() {
        match features.field_presence() {
            FieldPresence::LegacyRequired => {
                lowered.set_label(prost_types::field_descriptor_proto::Label::Required);
            }
            presence => lowered.proto3_optional = needs_option(&lowered, presence).then_some(true),
        }
    }
    lowered
}

/// Copies a field as it is, one by one: most fields have no options, and there are very many.
pub(super) fn copy(field: &FieldDescriptorProto) -> prost_types::FieldDescriptorProto {
    prost_types::FieldDescriptorProto {
        name: field.name.clone(),
        number: field.number,
        label: field.label,
        r#type: field.r#type,
        type_name: field.type_name.clone(),
        extendee: field.extendee.clone(),
        default_value: field.default_value.as_deref().map(|default| floats::spell(field.r#type(), default)),
        oneof_index: field.oneof_index,
        json_name: field.json_name.clone(),
        options: field.options.as_ref().map(transcode),
        proto3_optional: field.proto3_optional,
    }
}

/// prost-build makes every message optional, and no group unless it is told to.
fn needs_option(field: &prost_types::FieldDescriptorProto, presence: FieldPresence) -> bool {
    match field.r#type() {
        prost_types::field_descriptor_proto::Type::Message => false,
        prost_types::field_descriptor_proto::Type::Group => true,
        _ => presence == FieldPresence::Explicit,
    }
}

fn is_packable(ty: Type) -> bool {
    !matches!(ty, Type::String | Type::Bytes | Type::Message | Type::Group)
}
