//! A file in, what protobuf's JSON depends on out: names as they are declared, presence and packing as they are resolved,
//! and nothing else.

use prost_types::field_descriptor_proto::Label;
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FieldOptions,
    FileDescriptorProto, MessageOptions,
};

use crate::descriptor::google::protobuf as declared;
use crate::descriptor::google::protobuf::field_descriptor_proto::Type;
use crate::schema::{Cardinality, EnumId, FieldId, MessageId, Schema};

/// The descriptor of a file by which its messages are read and written as JSON.
pub(super) fn of_file(schema: &Schema<'_>, file: usize) -> FileDescriptorProto {
    let file = &schema.files[file];
    FileDescriptorProto {
        package: file.descriptor.package.clone().filter(|package| !package.is_empty()),
        message_type: file.messages.iter().map(|&id| message(schema, id)).collect(),
        enum_type: file.enums.iter().map(|&id| enumeration(schema, id)).collect(),
        ..FileDescriptorProto::default()
    }
}

fn message(schema: &Schema<'_>, id: MessageId) -> DescriptorProto {
    let message = &schema.messages[id];
    let entry = || MessageOptions { map_entry: Some(true), ..MessageOptions::default() };
    DescriptorProto {
        name: message.descriptor.name.clone(),
        field: (0..message.descriptor.field.len()).map(|index| field(schema, (id, index))).collect(),
        nested_type: message.nested.iter().map(|&id| self::message(schema, id)).collect(),
        enum_type: message.enums.iter().map(|&id| enumeration(schema, id)).collect(),
        options: message.is_map_entry().then(entry),
        ..DescriptorProto::default()
    }
}

fn field(schema: &Schema<'_>, id: FieldId) -> FieldDescriptorProto {
    let field = schema.field(id);
    let declared::FieldDescriptorProto { name, number, label, type_name, json_name, .. } = field.descriptor.clone();
    let has_presence = field.cardinality == Cardinality::Optional && field.ty != Type::Message;
    let is_optional = has_presence || field.descriptor.proto3_optional();
    let label = match field.cardinality {
        Cardinality::Required => Some(Label::Required as i32),
        _ => label,
    };
    let oneof_index = match field.cardinality {
        Cardinality::Member(_) => field.descriptor.oneof_index,
        _ => None,
    };
    let packed = field.cardinality == Cardinality::Repeated { packed: true };
    FieldDescriptorProto {
        name,
        number,
        label,
        r#type: Some(field.ty as i32),
        type_name,
        json_name,
        oneof_index,
        proto3_optional: is_optional.then_some(true),
        options: packed.then(|| FieldOptions { packed: Some(true), ..FieldOptions::default() }),
        ..FieldDescriptorProto::default()
    }
}

fn enumeration(schema: &Schema<'_>, id: EnumId) -> EnumDescriptorProto {
    let enumeration = schema.enums[id].descriptor;
    let value = |value: &declared::EnumValueDescriptorProto| EnumValueDescriptorProto {
        name: value.name.clone(),
        number: value.number,
        options: None,
    };
    EnumDescriptorProto {
        name: enumeration.name.clone(),
        value: enumeration.value.iter().map(value).collect(),
        ..EnumDescriptorProto::default()
    }
}
