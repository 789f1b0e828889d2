//! A file goes in, what protobuf's JSON depends on comes out: names as they are declared, presence and packing as they
//! are resolved, and nothing else.

use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FieldOptions,
    FileDescriptorProto, MessageOptions,
};

use crate::descriptor::google::protobuf::FileDescriptorProto as Declared;

/// The descriptor of a file by which its messages are read and written as JSON.
pub(crate) fn json_descriptor(file: &Declared) -> FileDescriptorProto {
    let FileDescriptorProto { package, message_type, enum_type, .. } = super::lower_file(file);
    FileDescriptorProto {
        package,
        message_type: message_type.into_iter().map(message).collect(),
        enum_type: enum_type.into_iter().map(enumeration).collect(),
        ..FileDescriptorProto::default()
    }
}

fn message(message: DescriptorProto) -> DescriptorProto {
    let map_entry = message.options.is_some_and(|options| options.map_entry());
    DescriptorProto {
        name: message.name,
        field: message.field.into_iter().map(field).collect(),
        nested_type: message.nested_type.into_iter().map(self::message).collect(),
        enum_type: message.enum_type.into_iter().map(enumeration).collect(),
        options: map_entry.then(|| MessageOptions { map_entry: Some(true), ..MessageOptions::default() }),
        ..DescriptorProto::default()
    }
}

fn field(field: FieldDescriptorProto) -> FieldDescriptorProto {
    let packed = field.options.is_some_and(|options| options.packed());
    FieldDescriptorProto {
        // A oneof of proto3's `optional` is none.
        oneof_index: field.oneof_index.filter(|_| field.proto3_optional != Some(true)),
        default_value: None,
        options: packed.then(|| FieldOptions { packed: Some(true), ..FieldOptions::default() }),
        ..field
    }
}

fn enumeration(enumeration: EnumDescriptorProto) -> EnumDescriptorProto {
    let value = |value: EnumValueDescriptorProto| EnumValueDescriptorProto { options: None, ..value };
    EnumDescriptorProto {
        name: enumeration.name,
        value: enumeration.value.into_iter().map(value).collect(),
        ..EnumDescriptorProto::default()
    }
}
