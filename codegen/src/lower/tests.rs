//! Tests the Rust that is generated for a single field.

use testdata::descriptor::google::protobuf::feature_set::{FieldPresence, MessageEncoding, RepeatedFieldEncoding};
use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use testdata::descriptor::google::protobuf::{DescriptorProto, FieldDescriptorProto, FileDescriptorProto};

use super::testing::{
    declaration, enumeration, featured, field, field_of, file, labelled, map_entry, message, oneof_message, options,
    rust,
};
use crate::options::Options;

/// Compares the declaration of `f`, the only field of a message.
fn check(syntax: &str, field: FieldDescriptorProto, expected: &str) {
    check_message(syntax, message("M", vec![field]), expected);
}

fn check_message(syntax: &str, message: DescriptorProto, expected: &str) {
    let other = self::message("Other", Vec::new());
    let file = file(syntax, vec![message, other], vec![enumeration("E", &["ZERO", "ONE", "UNO=1"])]);
    assert_eq!(declaration(&rust(&[file], &options()), "f"), expected);
}

fn int32() -> FieldDescriptorProto {
    field("f", Type::Int32)
}

fn other() -> FieldDescriptorProto {
    field_of("f", Type::Message, ".t.Other")
}

const PLAIN: &str = r#"#[prost(int32, tag = "1")] pub f: i32,"#;
const OPTIONAL: &str = r#"#[prost(int32, optional, tag = "1")] pub f: ::core::option::Option<i32>,"#;
const REQUIRED: &str = r#"#[prost(int32, required, tag = "1")] pub f: i32,"#;
const MESSAGE: &str = r#"#[prost(message, optional, tag = "1")] pub f: ::core::option::Option<Other>,"#;
const GROUP: &str = r#"#[prost(group, optional, tag = "1")] pub f: ::core::option::Option<Other>,"#;

#[test]
fn explicit_presence_is_an_option() {
    check("1000", int32(), OPTIONAL);
    check("1001", int32(), OPTIONAL);
    check("proto2", int32(), OPTIONAL);
}

#[test]
fn implicit_presence_is_a_plain_field() {
    check("proto3", int32(), PLAIN);
    check("1000", featured(int32(), |features| features.set_field_presence(FieldPresence::Implicit)), PLAIN);
}

#[test]
fn proto3_optional_is_an_option() {
    let field = FieldDescriptorProto { proto3_optional: Some(true), oneof_index: Some(0), ..int32() };
    check_message("proto3", oneof_message("M", "_f", vec![field]), OPTIONAL);
}

#[test]
fn legacy_required_is_required() {
    check("proto2", labelled(Label::Required, int32()), REQUIRED);
    let required = featured(int32(), |features| features.set_field_presence(FieldPresence::LegacyRequired));
    check("1000", required, REQUIRED);
}

#[test]
fn a_message_is_always_an_option() {
    for syntax in ["proto2", "proto3", "1000"] {
        check(syntax, other(), MESSAGE);
        check(syntax, featured(other(), |features| features.set_field_presence(FieldPresence::Implicit)), MESSAGE);
    }
}

#[test]
fn a_delimited_message_is_a_group() {
    let delimited = |field| featured(field, |features| features.set_message_encoding(MessageEncoding::Delimited));
    check("1000", delimited(other()), GROUP);
    check("1000", featured(delimited(other()), |features| features.set_field_presence(FieldPresence::Implicit)), GROUP);
    check(
        "1000",
        featured(delimited(other()), |features| features.set_field_presence(FieldPresence::LegacyRequired)),
        r#"#[prost(group, required, tag = "1")] pub f: Other,"#,
    );
    check(
        "1000",
        labelled(Label::Repeated, delimited(other())),
        r#"#[prost(group, repeated, tag = "1")] pub f: ::prost::alloc::vec::Vec<Other>,"#,
    );
    check("proto2", field_of("f", Type::Group, ".t.Other"), GROUP);
}

#[test]
fn the_member_of_a_oneof_has_neither_presence_nor_label() {
    let delimited = featured(other(), |features| features.set_message_encoding(MessageEncoding::Delimited));
    let file = file(
        "1000",
        vec![oneof_message("M", "kind", vec![field("number", Type::Int32), delimited]), message("Other", Vec::new())],
        Vec::new(),
    );
    let rust = rust(&[file], &options());
    for expected in
        [r#"#[prost(int32, tag = "1")]"#, "Number(i32),", r#"#[prost(group, tag = "2")]"#, "F(super::Other),"]
    {
        assert!(rust.iter().any(|line| line == expected), "{expected}\n{rust:#?}");
    }
}

#[test]
fn a_map_is_never_a_group() {
    let field = labelled(Label::Repeated, field_of("f", Type::Message, ".t.M.FEntry"));
    let field = featured(field, |features| features.set_message_encoding(MessageEncoding::Delimited));
    let entry = map_entry("FEntry", other());
    let expected =
        concat!(r#"#[prost(map = "int32, message", tag = "1")] "#, "pub f: ::std::collections::HashMap<i32, Other>,");
    check_message("1000", DescriptorProto { nested_type: vec![entry], ..message("M", vec![field]) }, expected);
}

#[test]
fn a_list_is_packed_as_its_file_says() {
    let list = || labelled(Label::Repeated, int32());
    let packed = r#"#[prost(int32, repeated, tag = "1")] pub f: ::prost::alloc::vec::Vec<i32>,"#;
    let expanded = r#"#[prost(int32, repeated, packed = "false", tag = "1")] pub f: ::prost::alloc::vec::Vec<i32>,"#;
    check("proto2", list(), expanded);
    check("proto3", list(), packed);
    check("1000", list(), packed);
    let set = |encoding| move |features: &mut _| set_encoding(features, encoding);
    check("1000", featured(list(), set(RepeatedFieldEncoding::Expanded)), expanded);
    for (syntax, option, expected) in [("proto2", true, packed), ("proto3", false, expanded)] {
        let mut list = list();
        list.options.get_or_insert_default().packed = Some(option);
        check(syntax, list, expected);
    }
}

fn set_encoding(features: &mut testdata::descriptor::google::protobuf::FeatureSet, encoding: RepeatedFieldEncoding) {
    features.set_repeated_field_encoding(encoding);
}

#[test]
fn another_option_does_not_expand_a_proto3_list() {
    let mut list = labelled(Label::Repeated, int32());
    list.options.get_or_insert_default().jstype = Some(1);
    check("proto3", list, r#"#[prost(int32, repeated, tag = "1")] pub f: ::prost::alloc::vec::Vec<i32>,"#);
}

#[test]
fn a_default_that_names_an_alias_names_the_value() {
    let field = FieldDescriptorProto { default_value: Some("UNO".to_owned()), ..field_of("f", Type::Enum, ".t.E") };
    let expected = concat!(
        r#"#[prost(enumeration = "E", optional, tag = "1", default = "One")] "#,
        "pub f: ::core::option::Option<i32>,"
    );
    check("proto2", field.clone(), expected);
    check("1000", field, expected);
}

/// Compares the type of a field `f` with this message type, under this mapping.
fn check_mapped(type_name: &str, mapping: &str, expected: &str) {
    let of_package = |package: &str, message: DescriptorProto| FileDescriptorProto {
        name: Some(format!("{package}.proto")),
        package: Some(package.to_owned()),
        ..file("proto3", vec![message], Vec::new())
    };
    let outer = DescriptorProto { nested_type: vec![message("Inner", Vec::new())], ..message("FooBar", Vec::new()) };
    let files = [
        of_package("a", outer),
        of_package("google.protobuf", message("Any", Vec::new())),
        of_package("google.protobuf.more", message("Thing", Vec::new())),
        FileDescriptorProto {
            dependency: ["a", "google.protobuf", "google.protobuf.more"].map(|name| format!("{name}.proto")).to_vec(),
            ..of_package("t", message("M", vec![field_of("f", Type::Message, type_name)]))
        },
    ];
    let options = Options::parse(&format!("prost_path=::prost,{mapping}")).unwrap();
    let declaration = declaration(&rust(&files, &options), "f");
    assert!(declaration.contains(&format!("Option<{expected}>")), "{declaration}");
}

#[test]
fn types_nested_in_a_mapped_type_are_in_the_module_beside_it() {
    check_mapped(".a.FooBar", "extern_path=.a.FooBar=::x::Y", "::x::Y");
    check_mapped(".a.FooBar.Inner", "extern_path=.a.FooBar=::x::Y", "::x::y::Inner");
    check_mapped(".a.FooBar.Inner", "extern_path=.a.FooBar=::x::r#AsIs", "::x::as_is::Inner");
    check_mapped(".a.FooBar.Inner", "extern_path=.a=::x::Y", "::x::Y::foo_bar::Inner");
}

#[test]
fn only_packages_that_prost_types_has_are_looked_for_there() {
    check_mapped(".google.protobuf.Any", "", "::prost_types::Any");
    check_mapped(".google.protobuf.more.Thing", "", "super::google::protobuf::more::Thing");
    check_mapped(".google.protobuf.more.Thing", "extern_path=.google=::x", "::x::protobuf::more::Thing");
    check_mapped(".google.protobuf.more.Thing", "extern_path=.google.protobuf=::x", "::x::more::Thing");
}
