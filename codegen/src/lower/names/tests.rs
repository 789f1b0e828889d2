//! Tests how clashing names are resolved, and the Rust that is generated with them.

use std::collections::BTreeSet;

use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use testdata::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, FieldDescriptorProto, FileDescriptorProto, MethodDescriptorProto,
    ServiceDescriptorProto,
};

use crate::lower::testing::{
    self, declaration, enumeration, field, field_of, file, labelled, map_entry, message, oneof_message, options,
    with_decisions,
};

/// Compares `old -> new` for each renamed element, with the files in both orders, and returns the generated Rust.
fn check(files: &[FileDescriptorProto], expected: &[&str]) -> Vec<String> {
    let backward: Vec<FileDescriptorProto> = files.iter().rev().cloned().collect();
    assert_eq!(renamed(files), expected);
    assert_eq!(renamed(&backward), expected);
    testing::rust(files, &options())
}

fn renamed(files: &[FileDescriptorProto]) -> Vec<String> {
    with_decisions(files, |decisions| {
        let mut renamed: Vec<String> = decisions
            .names
            .renamed
            .iter()
            .map(|(&element, name)| format!("{} -> {name}", decisions.names.full_name(element)))
            .collect();
        renamed.sort_unstable();
        renamed
    })
}

fn check_messages(messages: Vec<DescriptorProto>, expected: &[&str]) -> Vec<String> {
    check(&[file("proto2", messages, Vec::new())], expected)
}

fn check_enum(name: &str, values: &[&str], expected: &[&str]) -> Vec<String> {
    check(&[file("proto3", Vec::new(), vec![enumeration(name, values)])], expected)
}

fn int32(name: &str) -> FieldDescriptorProto {
    field(name, Type::Int32)
}

/// A message with a nested one, so that it has a module.
fn with_module(name: &str) -> DescriptorProto {
    DescriptorProto { nested_type: vec![message("Inner", Vec::new())], ..message(name, Vec::new()) }
}

fn in_package(package: &str, name: &str, messages: Vec<DescriptorProto>) -> FileDescriptorProto {
    FileDescriptorProto {
        name: Some(name.to_owned()),
        package: Some(package.to_owned()),
        ..file("proto3", messages, Vec::new())
    }
}

#[test]
fn a_name_without_a_clash_is_kept() {
    let m = message("M", vec![int32("foo"), int32("bar"), int32("if"), int32("self"), int32("_1")]);
    check_messages(vec![m, with_module("Foo"), message("foo_bar", Vec::new())], &[]);
    check_enum("Foo", &["FOO_A", "FOO_B", "FOO_ALSO_B=1"], &[]);
}

#[test]
fn fields_equal_in_snake_case_get_a_number() {
    let m = message("M", vec![int32("foo_bar"), int32("fooBar"), int32("FooBar")]);
    let rust = check_messages(vec![m], &[".t.M.FooBar -> FooBar_3", ".t.M.fooBar -> fooBar_2"]);
    assert!(declaration(&rust, "foo_bar_2").contains("tag = \"2\""));
    assert!(declaration(&rust, "foo_bar_3").contains("tag = \"3\""));
}

#[test]
fn a_field_that_clashes_with_nobody_keeps_its_name() {
    let m = message("M", vec![int32("foo"), int32("Foo"), int32("foo_2")]);
    check_messages(vec![m], &[".t.M.Foo -> Foo_3"]);
}

#[test]
fn a_oneof_gives_way_to_a_field() {
    let mut m = oneof_message("M", "fooBar", vec![int32("a")]);
    m.field.push(FieldDescriptorProto { number: Some(9), ..int32("foo_bar") });
    let rust = check_messages(vec![m], &[".t.M.fooBar -> fooBar_2"]);
    assert!(declaration(&rust, "foo_bar_2").contains("m::FooBar2"));
}

#[test]
fn oneof_variants_equal_in_camel_case_get_a_number() {
    let rust = check_messages(
        vec![oneof_message("M", "kind", vec![int32("foo_bar"), int32("fooBar")])],
        &[".t.M.fooBar -> fooBar_2"],
    );
    assert!(rust.contains(&"FooBar2(i32),".to_owned()));
}

#[test]
fn a_member_of_a_oneof_is_no_field() {
    let mut m = oneof_message("M", "kind", vec![int32("foo_bar")]);
    m.field.push(FieldDescriptorProto { number: Some(9), ..int32("fooBar") });
    check_messages(vec![m], &[]);
}

#[test]
fn a_oneof_named_like_a_nested_type_is_left_to_prost() {
    let nested = |names: &[&str]| DescriptorProto {
        nested_type: names.iter().map(|name| message(name, Vec::new())).collect(),
        ..oneof_message("M", "kind", vec![int32("a")])
    };
    check_messages(vec![nested(&["Kind"])], &[]);
    check_messages(vec![nested(&["Kind", "KindOneOf"])], &[".t.M.kind -> kind_2"]);
}

#[test]
fn enum_values_equal_without_the_prefix_get_a_number() {
    let rust = check_enum("Foo", &["FOO_A", "A", "fooA", "FOO_A_2"], &[".t.Foo.A -> A_3", ".t.Foo.fooA -> fooA_4"]);
    let variants: BTreeSet<&str> =
        rust.iter().filter_map(|line| line.split_once(" = ")).map(|(name, _)| name).collect();
    assert_eq!(variants, BTreeSet::from(["A", "A2", "A3", "A4"]));
}

#[test]
fn an_alias_takes_no_name() {
    check_enum("Foo", &["FOO_A", "A=0", "FOO_B"], &[]);
}

#[test]
fn a_default_follows_a_renamed_value() {
    let f = FieldDescriptorProto { default_value: Some("A".to_owned()), ..field_of("f", Type::Enum, ".t.Foo") };
    let file = file("proto2", vec![message("M", vec![f])], vec![enumeration("Foo", &["FOO_A", "A", "ALSO_A=1"])]);
    let rust = check(&[file], &[".t.Foo.A -> A_2"]);
    assert!(declaration(&rust, "f").contains(r#"default = "A2""#));
}

#[test]
fn types_equal_in_camel_case_get_a_number_and_references_follow() {
    let m = message(
        "M",
        vec![
            field_of("a", Type::Message, ".t.fooBar"),
            field_of("b", Type::Message, ".t.fooBar.Inner"),
            field_of("c", Type::Enum, ".t.foo_bar"),
        ],
    );
    let method = MethodDescriptorProto {
        name: Some("Get".to_owned()),
        input_type: Some(".t.fooBar".to_owned()),
        output_type: Some(".t.FooBar".to_owned()),
        ..MethodDescriptorProto::default()
    };
    let file = FileDescriptorProto {
        service: vec![ServiceDescriptorProto {
            name: Some("S".to_owned()),
            method: vec![method],
            ..ServiceDescriptorProto::default()
        }],
        ..file("proto3", vec![with_module("FooBar"), with_module("fooBar"), m], vec![enumeration("foo_bar", &["ZERO"])])
    };
    let rust = check(&[file], &[".t.fooBar -> fooBar_2", ".t.foo_bar -> foo_bar_3"]);
    let method = "request: ::rgrpc::Request<super::FooBar2>,) -> impl ::rgrpc::ResponseFuture<super::FooBar>;";
    assert!(rust.concat().contains(method), "{rust:#?}");
    assert!(declaration(&rust, "a").contains("Option<FooBar2>"));
    assert!(declaration(&rust, "b").contains("Option<foo_bar_2::Inner>"));
    assert!(declaration(&rust, "c").contains(r#"enumeration = "FooBar3""#));
}

#[test]
fn a_map_in_a_renamed_message_stays_a_map() {
    let f = labelled(Label::Repeated, field_of("f", Type::Message, ".t.foo.FEntry"));
    let foo = DescriptorProto { nested_type: vec![map_entry("FEntry", int32("value"))], ..message("foo", vec![f]) };
    let rust = check_messages(vec![message("Foo", Vec::new()), foo], &[".t.foo -> foo_2"]);
    assert!(declaration(&rust, "f").contains("map = \"int32, int32\""));
}

#[test]
fn types_of_one_package_clash_across_files() {
    let a = in_package("t", "a.proto", vec![message("FooBar", Vec::new())]);
    let b = in_package("t", "b.proto", vec![message("fooBar", Vec::new())]);
    check(&[a, b], &[".t.fooBar -> fooBar_2"]);
}

#[test]
fn packages_that_differ_in_case_only_are_one_module() {
    let a = in_package("t.fooBar", "a.proto", vec![message("M", Vec::new())]);
    let b = in_package("t.foo_bar", "b.proto", vec![message("m", Vec::new())]);
    // The packages are rejected later, but the names must not depend on the order of the files.
    assert_eq!(renamed(&[a, b]), [".t.foo_bar.m -> m_2"]);
}

#[test]
fn the_module_of_a_message_gives_way_to_a_package() {
    let a = in_package("t", "a.proto", vec![with_module("Foo"), message("Bar", Vec::new())]);
    let b = in_package("t.foo.v1", "b.proto", Vec::new());
    let c = in_package("t.bar", "c.proto", Vec::new());
    check(&[a, b, c], &[".t.Foo -> Foo_2"]);
}

#[test]
fn a_map_to_enums_is_not_named_like_a_keyword() {
    let map = |name: &str, value: FieldDescriptorProto| {
        let f = labelled(Label::Repeated, field_of(name, Type::Message, ".t.M.Entry"));
        DescriptorProto { nested_type: vec![map_entry("Entry", value)], ..message("M", vec![f]) }
    };
    let enums = || vec![enumeration("E", &["ZERO"])];
    let value = || field_of("value", Type::Enum, ".t.E");
    check(&[file("proto3", vec![map("if", value())], enums())], &[".t.M.if -> if_2"]);
    check(&[file("proto3", vec![map("gen", value())], enums())], &[".t.M.gen -> gen_2"]);
    check(&[file("proto3", vec![map("self", value())], enums())], &[]);
    check(&[file("proto3", vec![map("if", int32("value"))], enums())], &[]);
}

#[test]
fn methods_that_prost_derives_do_not_clash() {
    let enums = || vec![enumeration("E", &["ZERO"])];
    let of_enum = |name: &str| field_of(name, Type::Enum, ".t.E");
    let check = |fields, expected: &[&str]| {
        check(&[file("proto2", vec![message("M", fields)], enums())], expected);
    };
    check(vec![of_enum("a"), int32("set_a")], &[".t.M.set_a -> set_a_2"]);
    check(vec![int32("set_a"), of_enum("a")], &[".t.M.a -> a_2"]);
    check(vec![labelled(Label::Repeated, of_enum("a")), int32("push_a")], &[".t.M.push_a -> push_a_2"]);
    check(vec![of_enum("a"), labelled(Label::Required, int32("set_a"))], &[]);
}

#[test]
fn a_name_of_underscores_is_spelled_out() {
    let m = message("M", vec![int32("_"), int32("__")]);
    let rust = check_messages(
        vec![m, message("_", Vec::new())],
        &[".t.M._ -> underscore", ".t.M.__ -> underscore_2", ".t._ -> underscore"],
    );
    assert!(rust.iter().any(|line| line.starts_with("pub struct Underscore {")));
    check_enum("E", &["_"], &[".t.E._ -> underscore"]);
}

#[test]
fn members_of_renamed_and_nested_types_are_listed_by_their_declared_names() {
    let nested = EnumDescriptorProto { ..enumeration("E", &["A", "a"]) };
    let foo = DescriptorProto { enum_type: vec![nested], ..message("foo", vec![int32("b"), int32("B")]) };
    check_messages(vec![message("Foo", Vec::new()), foo], &[".t.foo -> foo_2", ".t.foo.B -> B_2", ".t.foo.E.a -> a_2"]);
}
