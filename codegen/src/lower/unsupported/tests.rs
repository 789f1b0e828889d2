//! Tests the reports about features that prost cannot represent.

use testdata::descriptor::google::protobuf::feature_set::{EnumType, Utf8Validation};
use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use testdata::descriptor::google::protobuf::source_code_info::Location;
use testdata::descriptor::google::protobuf::{
    DescriptorProto, FeatureSet, FieldDescriptorProto, FileDescriptorProto, FileOptions, MethodDescriptorProto,
    ServiceDescriptorProto, SourceCodeInfo,
};

use super::super::testing::{self, enumeration, extendable, field, file, message};
use super::find;
use crate::options::Options;

#[track_caller]
fn check(file: &FileDescriptorProto, expected: &[&str]) {
    check_with("", file, expected);
}

#[track_caller]
fn check_with(options: &str, file: &FileDescriptorProto, expected: &[&str]) {
    let options = Options::parse(options).unwrap();
    testing::with_options(std::slice::from_ref(file), &options, |decisions| {
        let warnings = find(decisions, 0).into_iter();
        let warnings = warnings.map(|warning| format!("{}: {}", warning.position.unwrap(), warning.message));
        assert_eq!(warnings.collect::<Vec<_>>(), expected);
    });
}

fn extension(extendee: &str) -> FieldDescriptorProto {
    FieldDescriptorProto { extendee: Some(extendee.to_owned()), number: Some(100), ..field("mark", Type::Int32) }
}

/// A file of edition 2023 that chooses the features of proto2.
fn proto2_like() -> FileDescriptorProto {
    let mut features = FeatureSet::default();
    features.set_enum_type(EnumType::Closed);
    features.set_utf8_validation(Utf8Validation::None);
    FileDescriptorProto {
        options: Some(FileOptions { features: Some(features), ..FileOptions::default() }),
        ..file("1000", Vec::new(), Vec::new())
    }
}

#[test]
fn only_the_first_place_of_a_kind_is_reported() {
    let outer = DescriptorProto { nested_type: vec![extendable("Inner")], ..message("Outer", Vec::new()) };
    check(
        &file("proto2", vec![outer, extendable("Later")], Vec::new()),
        &["t.proto: message `Inner` allows extensions, which prost drops when it decodes"],
    );
}

#[test]
fn the_position_is_that_of_the_name() {
    let location = Location { path: vec![4, 0, 1], span: vec![6, 8, 16], ..Location::default() };
    let file = FileDescriptorProto {
        source_code_info: Some(SourceCodeInfo { location: vec![location] }),
        ..file("proto2", vec![extendable("M")], Vec::new())
    };
    check(&file, &["t.proto:7:9: message `M` allows extensions, which prost drops when it decodes"]);
}

#[test]
fn an_extension_is_reported_and_a_custom_option_is_not() {
    let options = [("one", ".google.protobuf.FieldOptions"), ("two", ".google.protobuf.FeatureSet")];
    let options =
        options.map(|(name, extendee)| FieldDescriptorProto { name: Some(name.to_owned()), ..extension(extendee) });
    let options = options.to_vec();
    let options = DescriptorProto { extension: options, ..message("M", Vec::new()) };
    check(&file("proto3", vec![options], Vec::new()), &[]);
    let file =
        FileDescriptorProto { extension: vec![extension(".t.M")], ..file("1001", vec![extendable("M")], Vec::new()) };
    check(
        &file,
        &[
            "t.proto: message `M` allows extensions, which prost drops when it decodes",
            "t.proto: extension `mark` of `t.M` is not generated: prost has no extensions",
        ],
    );
}

#[test]
fn a_message_set_is_not_also_reported_as_extended() {
    let mut message = extendable("Set");
    message.options.get_or_insert_default().message_set_wire_format = Some(true);
    check(
        &file("proto2", vec![message], Vec::new()),
        &["t.proto: message `Set` is a MessageSet, whose items prost drops when it decodes"],
    );
}

#[test]
fn the_option_unknown_fields_takes_the_reasons_away() {
    let mut set = extendable("Set");
    set.options.get_or_insert_default().message_set_wire_format = Some(true);
    let file = file("proto2", vec![extendable("Kept"), set], Vec::new());
    check_with("unknown_fields=.", &file, &[]);
    check_with(
        "unknown_fields=.t.Kept",
        &file,
        &["t.proto: message `Set` is a MessageSet, whose items prost drops when it decodes"],
    );
}

#[test]
fn an_enum_is_closed_if_all_messages_with_it_keep_unknown_fields() {
    let holder = |name| message(name, vec![testing::field_of("e", Type::Enum, ".t.E")]);
    let mut features = FeatureSet::default();
    features.set_enum_type(EnumType::Closed);
    let file = FileDescriptorProto {
        options: Some(FileOptions { features: Some(features), ..FileOptions::default() }),
        ..file("1000", vec![holder("One"), holder("Two")], vec![enumeration("E", &["ZERO"])])
    };
    let open = "t.proto: enum `E` is closed, but prost stores unknown values in the field";
    check(&file, &[open]);
    check_with("unknown_fields=.", &file, &[]);
    check_with("unknown_fields=.t.One", &file, &[open]);
}

#[test]
fn a_mapped_message_may_drop_unknown_fields() {
    let file = file(
        "proto3",
        vec![message("M", vec![testing::field_of("n", Type::Message, ".t.N")]), message("N", Vec::new())],
        Vec::new(),
    );
    check_with("extern_path=.t.N=::n::N", &file, &[]);
    check_with(
        "extern_path=.t.N=::n::N,unknown_fields=.t.M",
        &file,
        &[
            "t.proto: field `n` holds `t.N`, but its Rust type `::n::N` drops unknown fields unless it was generated with `unknown_fields`",
        ],
    );
}

#[test]
fn a_mapped_message_of_an_extension_or_a_method_is_reported_too() {
    let held = |field: FieldDescriptorProto| DescriptorProto { extension: vec![field], ..message("Scope", Vec::new()) };
    let holds = FieldDescriptorProto {
        extendee: Some(".t.M".to_owned()),
        number: Some(100),
        ..testing::field_of("mark", Type::Message, ".t.N")
    };
    let method = MethodDescriptorProto {
        name: Some("Get".to_owned()),
        input_type: Some(".t.M".to_owned()),
        output_type: Some(".t.N".to_owned()),
        ..MethodDescriptorProto::default()
    };
    let service = ServiceDescriptorProto {
        name: Some("S".to_owned()),
        method: vec![method],
        ..ServiceDescriptorProto::default()
    };
    let messages = || vec![extendable("M"), message("N", Vec::new())];
    let dropped =
        "`t.N`, but its Rust type `::n::N` drops unknown fields unless it was generated with `unknown_fields`";
    let extension = file("proto2", [messages(), vec![held(holds)]].concat(), Vec::new());
    check_with(
        "extern_path=.t.N=::n::N,unknown_fields=.",
        &extension,
        &[&format!("t.proto: extension `mark` holds {dropped}")],
    );
    let method = FileDescriptorProto { service: vec![service], ..file("proto2", messages(), Vec::new()) };
    check_with(
        "extern_path=.t.N=::n::N,unknown_fields=.",
        &method,
        &[&format!("t.proto: method `Get` returns {dropped}")],
    );
    // The option does not select the types of the method.
    check_with("extern_path=.t.N=::n::N,unknown_fields=.t.M", &method, &[]);
}

#[test]
fn only_generating_a_wrapper_makes_it_keep_unknown_fields() {
    let wrappers = FileDescriptorProto {
        name: Some("google/protobuf/wrappers.proto".to_owned()),
        package: Some("google.protobuf".to_owned()),
        ..file("proto3", vec![message("Int32Value", Vec::new())], Vec::new())
    };
    let entry = testing::map_entry("NEntry", testing::field_of("value", Type::Message, ".google.protobuf.Int32Value"));
    let map = testing::labelled(Label::Repeated, testing::field_of("n", Type::Message, ".t.M.NEntry"));
    let map = DescriptorProto { nested_type: vec![entry], ..message("M", vec![map]) };
    let single = message("M", vec![testing::field_of("n", Type::Message, ".google.protobuf.Int32Value")]);
    for holder in [single, map] {
        let files = [
            FileDescriptorProto {
                dependency: vec![wrappers.name().to_owned()],
                ..file("proto3", vec![holder], Vec::new())
            },
            wrappers.clone(),
        ];
        testing::with_options(&files, &Options::parse("unknown_fields=.t").unwrap(), |decisions| {
            assert_eq!(
                find(decisions, 0).iter().map(ToString::to_string).collect::<Vec<_>>(),
                [
                    "t.proto: field `n` holds `google.protobuf.Int32Value`, but its Rust type `i32` drops unknown fields\n  \
                  help: set `compile_well_known_types` to generate it; with protoc or buf, also list `google/protobuf/wrappers.proto`"
                ]
            );
        });
    }
}

#[test]
fn closed_enums_and_unchecked_strings_are_reported_where_they_were_chosen() {
    let messages = vec![message("M", vec![field("text", Type::String)])];
    let enums = vec![enumeration("E", &["ZERO"])];
    check(&file("proto2", messages.clone(), enums.clone()), &[]);
    check(&file("1000", messages.clone(), enums.clone()), &[]);
    check(
        &FileDescriptorProto { message_type: messages, enum_type: enums, ..proto2_like() },
        &[
            "t.proto: enum `E` is closed, but prost stores unknown values in the field",
            "t.proto: string `text` may hold bytes that are not UTF-8, which prost rejects when it decodes",
        ],
    );
}
