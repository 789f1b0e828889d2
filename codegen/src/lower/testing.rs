//! Builds descriptors for tests, and generates Rust from them.

use rgrpc_schema::{DescriptorSet, Schema};
use testdata::descriptor::google::protobuf::descriptor_proto::ExtensionRange;
use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use testdata::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, EnumOptions, EnumValueDescriptorProto, FeatureSet, FieldDescriptorProto,
    FileDescriptorProto, MessageOptions, OneofDescriptorProto,
};

use super::decisions::Decisions;
use crate::options::Options;

/// `t.proto` of package `t`; the syntax is `proto2`, `proto3`, or the number of an edition.
pub(super) fn file(
    syntax: &str,
    messages: Vec<DescriptorProto>,
    enums: Vec<EnumDescriptorProto>,
) -> FileDescriptorProto {
    let edition = syntax.parse().ok();
    FileDescriptorProto {
        name: Some("t.proto".to_owned()),
        package: Some("t".to_owned()),
        syntax: Some(edition.map_or(syntax, |_: i32| "editions").to_owned()),
        edition,
        message_type: messages,
        enum_type: enums,
        ..FileDescriptorProto::default()
    }
}

pub(super) fn message(name: &str, fields: Vec<FieldDescriptorProto>) -> DescriptorProto {
    DescriptorProto { name: Some(name.to_owned()), field: number(fields), ..DescriptorProto::default() }
}

/// A message without fields, with all numbers reserved for extensions.
pub(super) fn extendable(name: &str) -> DescriptorProto {
    let range = ExtensionRange { start: Some(1), end: Some(536_870_912), ..ExtensionRange::default() };
    DescriptorProto { extension_range: vec![range], ..message(name, Vec::new()) }
}

/// A message whose fields are all members of one oneof.
pub(super) fn oneof_message(name: &str, oneof: &str, fields: Vec<FieldDescriptorProto>) -> DescriptorProto {
    let fields = fields.into_iter().map(|field| FieldDescriptorProto { oneof_index: Some(0), ..field }).collect();
    DescriptorProto { oneof_decl: vec![self::oneof(oneof)], ..message(name, fields) }
}

pub(super) fn oneof(name: &str) -> OneofDescriptorProto {
    OneofDescriptorProto { name: Some(name.to_owned()), ..OneofDescriptorProto::default() }
}

/// An enum in which a value's number is its index, or what follows `=`.
pub(super) fn enumeration(name: &str, values: &[&str]) -> EnumDescriptorProto {
    let value = |(index, value): (i32, &&str)| {
        let (name, number) =
            value.split_once('=').map_or((*value, index), |(name, number)| (name, number.parse().unwrap()));
        EnumValueDescriptorProto {
            name: Some(name.to_owned()),
            number: Some(number),
            ..EnumValueDescriptorProto::default()
        }
    };
    let has_alias = values.iter().any(|value| value.contains('='));
    let options = has_alias.then(|| EnumOptions { allow_alias: Some(true), ..EnumOptions::default() }.into());
    EnumDescriptorProto {
        name: Some(name.to_owned()),
        value: (0..).zip(values).map(value).collect(),
        options,
        ..EnumDescriptorProto::default()
    }
}

pub(super) fn field(name: &str, ty: Type) -> FieldDescriptorProto {
    let mut field = FieldDescriptorProto { name: Some(name.to_owned()), ..FieldDescriptorProto::default() };
    field.set_type(ty);
    field.set_label(Label::Optional);
    field
}

/// A field of a message, group or enum type.
pub(super) fn field_of(name: &str, ty: Type, type_name: &str) -> FieldDescriptorProto {
    FieldDescriptorProto { type_name: Some(type_name.to_owned()), ..field(name, ty) }
}

pub(super) fn labelled(label: Label, mut field: FieldDescriptorProto) -> FieldDescriptorProto {
    field.set_label(label);
    field
}

pub(super) fn featured(mut field: FieldDescriptorProto, set: impl FnOnce(&mut FeatureSet)) -> FieldDescriptorProto {
    set(field.options.get_or_insert_default().features.get_or_insert_default());
    field
}

/// The entry of `map<int32, _>`; its field is repeated and of this type.
pub(super) fn map_entry(name: &str, value: FieldDescriptorProto) -> DescriptorProto {
    let options = MessageOptions { map_entry: Some(true), ..MessageOptions::default() };
    let value = FieldDescriptorProto { name: Some("value".to_owned()), ..value };
    DescriptorProto { options: Some(Box::new(options)), ..message(name, vec![field("key", Type::Int32), value]) }
}

fn number(fields: Vec<FieldDescriptorProto>) -> Vec<FieldDescriptorProto> {
    (1..).zip(fields).map(|(number, field)| FieldDescriptorProto { number: Some(number), ..field }).collect()
}

/// Generates Rust for all files, and returns its lines without indentation.
pub(super) fn rust(files: &[FileDescriptorProto], options: &Options) -> Vec<String> {
    let set = set(files);
    let names: Vec<&str> = files.iter().map(FileDescriptorProto::name).collect();
    let output = crate::generate(&set, &names, options).unwrap();
    let packages = output.files.iter().skip(1);
    packages.flat_map(|file| file.content.lines()).map(|line| line.trim().to_owned()).collect()
}

/// Options that name prost as other generators do.
pub(super) fn options() -> Options {
    Options::parse("prost_path=::prost").unwrap()
}

pub(super) fn set(files: &[FileDescriptorProto]) -> DescriptorSet {
    DescriptorSet::decode_files(files.iter().map(prost::Message::encode_to_vec)).unwrap()
}

/// Calls `f` with the decisions for these files.
pub(super) fn with_decisions<R>(files: &[FileDescriptorProto], f: impl FnOnce(&Decisions<'_>) -> R) -> R {
    with_options(files, &options(), f)
}

/// Calls `f` with the decisions for these files under these options.
pub(super) fn with_options<R>(
    files: &[FileDescriptorProto],
    options: &Options,
    f: impl FnOnce(&Decisions<'_>) -> R,
) -> R {
    let set = set(files);
    let schema = Schema::link(&set).unwrap();
    let names: Vec<&str> = files.iter().map(FileDescriptorProto::name).collect();
    f(&Decisions::new(&schema, options, &names))
}

/// The declaration of a field and its attribute, on one line.
pub(super) fn declaration(rust: &[String], field: &str) -> String {
    let start = format!("pub {field}: ");
    let index = rust.iter().position(|line| line.starts_with(&start)).expect("the field is declared");
    format!("{} {}", rust[index - 1], rust[index])
}
