//! Tests that adding an unrelated element renames no other, even if it is declared before all others of its kind.

use prost::Message;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet, MessageOptions, MethodDescriptorProto, ServiceDescriptorProto,
};
use rgrpc_codegen::{DescriptorSet, Options, generate};
use testdata::Case;

/// A name that no other element has in any case.
const NAME: &str = "Unrelated77";

#[test]
fn an_addition_renames_nothing_else() {
    let mut tried = 0;
    for case in testdata::cases() {
        let set = FileDescriptorSet::decode(&*case.descriptor_set()).unwrap();
        // Decoding drops the fields that editions and custom options add to descriptors.
        let is_lost = set.file.iter().any(|file| file.syntax() == "editions");
        if is_lost
            || case.options.iter().any(|option| ["custom_options", "service_config"].contains(&option_name(option)))
        {
            continue;
        }
        let before = lines(&case, &set);
        for (what, add) in ADDITIONS {
            let mut more = set.clone();
            let file = more.file.iter_mut().find(|file| file.name() == case.files[0]).unwrap();
            if add(file) {
                tried += 1;
                let mut after = lines(&case, &more);
                for line in &before {
                    match after.iter().position(|other| other == line) {
                        Some(at) => _ = after.swap_remove(at),
                        None => panic!("{}: {what} changes `{line}`", case.name),
                    }
                }
            }
        }
    }
    assert!(tried > 100, "{tried}");
}

/// Adds an unrelated element to a file, and returns whether the file has a place for it.
type Addition = fn(&mut FileDescriptorProto) -> bool;

const ADDITIONS: &[(&str, Addition)] = &[
    ("a message", |file| {
        file.message_type.insert(0, DescriptorProto { name: Some(NAME.to_owned()), ..DescriptorProto::default() });
        true
    }),
    ("an enum", |file| {
        file.enum_type.insert(
            0,
            EnumDescriptorProto { name: Some(NAME.to_owned()), value: vec![value("ZERO", 0)], ..Default::default() },
        );
        true
    }),
    ("a field", |file| {
        file.message_type.iter_mut().for_each(add_field);
        !file.message_type.is_empty()
    }),
    ("a value", |file| {
        // The first value of an enum is its default.
        file.enum_type.iter_mut().for_each(|it| it.value.insert(1, value(it.name(), 777_777)));
        !file.enum_type.is_empty()
    }),
    ("a method", |file| {
        let method = |service: &mut ServiceDescriptorProto| {
            let other = service.method.first().cloned().unwrap_or_default();
            service.method.insert(0, MethodDescriptorProto { name: Some(NAME.to_owned()), options: None, ..other });
        };
        file.service.iter_mut().filter(|service| !service.method.is_empty()).for_each(method);
        file.service.iter().any(|service| !service.method.is_empty())
    }),
    ("a service", |file| {
        file.service.insert(0, ServiceDescriptorProto { name: Some(NAME.to_owned()), ..Default::default() });
        true
    }),
];

/// `build_client` of `build_client=false`.
fn option_name(option: &str) -> &str {
    option.split_once('=').map_or(option, |(name, _)| name)
}

/// A value for an enum. The name includes that of the enum, because the values of sibling enums share a scope.
fn value(of: &str, number: i32) -> EnumValueDescriptorProto {
    EnumValueDescriptorProto { name: Some(format!("{NAME}_{of}")), number: Some(number), options: None }
}

fn add_field(message: &mut DescriptorProto) {
    let is_map = |message: &DescriptorProto| message.options.as_ref().is_some_and(MessageOptions::map_entry);
    message.nested_type.iter_mut().filter(|nested| !is_map(nested)).for_each(add_field);
    if message.options.as_ref().is_some_and(MessageOptions::message_set_wire_format) {
        return;
    }
    let is_extended = !message.extension_range.is_empty();
    let field = FieldDescriptorProto {
        name: Some(NAME.to_owned()),
        number: Some(if is_extended { 99 } else { 77_777 }),
        label: Some(Label::Optional.into()),
        r#type: Some(Type::Int32.into()),
        ..FieldDescriptorProto::default()
    };
    message.field.insert(0, field);
}

/// The generated lines, except for headers and serialized descriptors, which any change affects.
fn lines(case: &Case, set: &FileDescriptorSet) -> Vec<String> {
    let mut set = set.clone();
    set.file.iter_mut().for_each(|file| file.source_code_info = None);
    let set = DescriptorSet::decode(set.encode_to_vec()).unwrap();
    let names: Vec<&str> = case.files.iter().map(String::as_str).collect();
    let output = generate(&set, &names, &Options::parse(&case.parameter()).unwrap());
    let files = output.unwrap_or_else(|errors| panic!("{}: {errors}", case.name)).files;
    let lines = files.iter().flat_map(|file| file.content.lines());
    let lines = lines.filter(|line| !line.starts_with("// ") && !line.contains("b\""));
    // An item that was empty before the addition has another end of line after it.
    lines.map(|line| line.trim_end_matches("{}").trim_end_matches('{').to_owned()).collect()
}
