//! Builds a random schema from a seed: two files of messages that contain each other in many ways.

use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FieldOptions,
    FileDescriptorProto, FileDescriptorSet, MessageOptions, OneofDescriptorProto,
};

const SCALARS: [Type; 15] = [
    Type::Double,
    Type::Float,
    Type::Int64,
    Type::Uint64,
    Type::Int32,
    Type::Fixed64,
    Type::Fixed32,
    Type::Bool,
    Type::String,
    Type::Bytes,
    Type::Uint32,
    Type::Sfixed32,
    Type::Sfixed64,
    Type::Sint32,
    Type::Sint64,
];

/// The number of top-level messages in a file. Each contains a nested one.
const MESSAGES: usize = 4;

pub fn schema(seed: u64) -> FileDescriptorSet {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1);
    let syntax = if random.below(2) == 0 { "proto2" } else { "proto3" };
    let first = random.file("first", syntax, &[]);
    let second = random.file("second", syntax, &["first"]);
    FileDescriptorSet { file: vec![first, second] }
}

/// A generator of random schemas.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        testdata::random::below(&mut self.0, bound)
    }

    fn file(&mut self, name: &str, syntax: &str, imports: &[&str]) -> FileDescriptorProto {
        let packages: Vec<String> = imports.iter().chain([&name]).map(|name| format!("t.{name}")).collect();
        let message = |(random, index): (&mut Self, usize)| {
            let scope = format!(".t.{name}.M{index}");
            let inner = random.message("Inner", &format!("{scope}.Inner"), syntax, &packages);
            let mut message = random.message(&format!("M{index}"), &scope, syntax, &packages);
            message.nested_type.push(inner);
            message
        };
        let messages = (0..MESSAGES).map(|index| message((self, index))).collect();
        FileDescriptorProto {
            name: Some(format!("{name}.proto")),
            package: Some(format!("t.{name}")),
            dependency: imports.iter().map(|import| format!("{import}.proto")).collect(),
            message_type: messages,
            enum_type: vec![enumeration("Kind")],
            syntax: (syntax == "proto3").then(|| syntax.to_owned()),
            ..FileDescriptorProto::default()
        }
    }

    fn message(&mut self, name: &str, full_name: &str, syntax: &str, packages: &[String]) -> DescriptorProto {
        let mut message = DescriptorProto { name: Some(name.to_owned()), ..DescriptorProto::default() };
        let count = self.below(6);
        for number in 1..=count {
            let mut field = self.field(&format!("f{number}"), number, syntax, packages);
            match self.below(8) {
                0 if field.label() == Label::Optional => field.oneof_index = Some(0),
                1 if field.r#type() != Type::Group => {
                    let entry = format!("F{number}Entry");
                    message.nested_type.push(map_entry(&entry, field.clone()));
                    field.set_label(Label::Repeated);
                    field.set_type(Type::Message);
                    field.type_name = Some(format!("{full_name}.{entry}"));
                    field.options = None;
                }
                _ => {}
            }
            message.field.push(field);
        }
        if message.field.iter().any(|field| field.oneof_index.is_some()) {
            message.oneof_decl.push(OneofDescriptorProto { name: Some("choice".to_owned()), options: None });
        }
        message
    }

    fn field(&mut self, name: &str, number: usize, syntax: &str, packages: &[String]) -> FieldDescriptorProto {
        let mut field = FieldDescriptorProto {
            name: Some(name.to_owned()),
            number: i32::try_from(number).ok(),
            ..FieldDescriptorProto::default()
        };
        field.set_label(match self.below(6) {
            0 => Label::Repeated,
            1 if syntax == "proto2" => Label::Required,
            _ => Label::Optional,
        });
        let package = &packages[self.below(packages.len())];
        let message = format!(".{package}.M{}", self.below(MESSAGES));
        match self.below(5) {
            0 => {
                field.set_type(Type::Enum);
                field.type_name = Some(format!(".{package}.Kind"));
            }
            1 => {
                field.set_type(Type::Message);
                field.type_name = Some(message);
            }
            2 => {
                // A group would be declared where it is used, but prost-build does not require that.
                field.set_type(if syntax == "proto2" { Type::Group } else { Type::Message });
                field.type_name = Some(format!("{message}.Inner"));
            }
            _ => field.set_type(SCALARS[self.below(SCALARS.len())]),
        }
        if self.below(4) == 0 {
            let options = FieldOptions { deprecated: Some(true), ..FieldOptions::default() };
            field.options = (field.label() != Label::Repeated).then_some(options);
        }
        field
    }
}

fn map_entry(name: &str, mut value: FieldDescriptorProto) -> DescriptorProto {
    value.name = Some("value".to_owned());
    value.number = Some(2);
    value.set_label(Label::Optional);
    let mut key = FieldDescriptorProto { name: Some("key".to_owned()), number: Some(1), ..Default::default() };
    key.set_label(Label::Optional);
    key.set_type(Type::String);
    DescriptorProto {
        name: Some(name.to_owned()),
        field: vec![key, value],
        options: Some(MessageOptions { map_entry: Some(true), ..MessageOptions::default() }),
        ..DescriptorProto::default()
    }
}

fn enumeration(name: &str) -> EnumDescriptorProto {
    let value = |(name, number): (&str, i32)| EnumValueDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        options: None,
    };
    EnumDescriptorProto {
        name: Some(name.to_owned()),
        value: [("KIND_UNKNOWN", 0), ("LARGE", 1_000_000), ("KIND_NEGATIVE", -1)].map(value).to_vec(),
        ..EnumDescriptorProto::default()
    }
}
