//! A message and the features of its scope go in, prost's descriptor of it comes out, fields lowered.

use std::collections::BTreeSet;

use super::{features, field, transcode};
use crate::descriptor::google::protobuf::{DescriptorProto, FeatureSet, FieldDescriptorProto};
use crate::elements::{is_map_entry, oneof_of};

/// Lowers the messages declared in one scope: `.pkg` or `.pkg.Msg`.
pub(super) fn lower_all(
    messages: &[DescriptorProto],
    scope: &str,
    features: &FeatureSet,
) -> Vec<prost_types::DescriptorProto> {
    messages.iter().map(|message| lower(message, &format!("{scope}.{}", message.name()), features)).collect()
}

fn lower(message: &DescriptorProto, full_name: &str, scope: &FeatureSet) -> prost_types::DescriptorProto {
    let features = features::of_message(message, scope);
    prost_types::DescriptorProto {
        name: message.name.clone(),
        field: fields(message, full_name, &features),
        extension: message.extension.iter().map(|extension| field::lower(extension, &features)).collect(),
        nested_type: lower_all(&message.nested_type, full_name, &features),
        enum_type: message.enum_type.iter().map(transcode).collect(),
        extension_range: message.extension_range.iter().map(transcode).collect(),
        oneof_decl: message.oneof_decl.iter().map(transcode).collect(),
        options: message.options.as_ref().map(transcode),
        reserved_range: message.reserved_range.iter().map(transcode).collect(),
        reserved_name: message.reserved_name.clone(),
    }
}

fn fields(message: &DescriptorProto, full_name: &str, features: &FeatureSet) -> Vec<prost_types::FieldDescriptorProto> {
    if is_map_entry(message) {
        return message.field.iter().map(field::copy).collect();
    }
    let entries: BTreeSet<String> = message
        .nested_type
        .iter()
        .filter(|nested| is_map_entry(nested))
        .map(|entry| format!("{full_name}.{}", entry.name()))
        .collect();
    let lower = |field: &FieldDescriptorProto| {
        if entries.contains(field.type_name()) {
            // A map is length-prefixed whatever `message_encoding` says.
            return field::copy(field);
        }
        match oneof_of(field, message) {
            Some(oneof) => field::lower(field, &features::of_oneof(oneof, features)),
            None => field::lower(field, features),
        }
    };
    message.field.iter().map(lower).collect()
}
