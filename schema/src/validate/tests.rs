//! Descriptors, one for each claim, and the errors that the validator reports.

use testdata::descriptor::google::protobuf::descriptor_proto::{ExtensionRange, ReservedRange};
use testdata::descriptor::google::protobuf::enum_descriptor_proto::EnumReservedRange;
use testdata::descriptor::google::protobuf::field_descriptor_proto::{Label, Type};
use testdata::descriptor::google::protobuf::source_code_info::Location;
use testdata::descriptor::google::protobuf::{
    DescriptorProto, EnumDescriptorProto, EnumOptions, EnumValueDescriptorProto, FieldDescriptorProto,
    FileDescriptorProto, MessageOptions, MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
    SourceCodeInfo,
};

use crate::schema::Cardinality;
use crate::{DescriptorSet, Errors, Schema};

/// Checks the errors about files, without the prefix `a.proto: `.
fn check(name: &str, files: &[FileDescriptorProto], expected: &[&str]) {
    let errors = refusal(files).unwrap_or_default();
    let messages: Vec<_> = errors.as_slice().iter().map(ToString::to_string).collect();
    let messages: Vec<_> =
        messages.iter().map(|message| message.strip_prefix("a.proto: ").unwrap_or(message)).collect();
    assert_eq!(messages, expected, "{name}");
}

/// The errors of the files.
pub(super) fn refusal(files: &[FileDescriptorProto]) -> Option<Errors> {
    let set = DescriptorSet::decode_files(files.iter().map(prost::Message::encode_to_vec)).unwrap();
    Schema::link(&set).err()
}

fn file() -> FileDescriptorProto {
    FileDescriptorProto { name: Some("a.proto".to_owned()), package: Some("a".to_owned()), ..Default::default() }
}

/// A file with `M`, and `E` whose values are `A`, `B` and an alias of it.
fn file_with(message: DescriptorProto) -> [FileDescriptorProto; 1] {
    let options = Some(EnumOptions { allow_alias: Some(true), ..Default::default() }.into());
    let enum_type = vec![EnumDescriptorProto { options, ..enumeration("E", &[("A", 0), ("B", 1), ("C", 1)]) }];
    [FileDescriptorProto { message_type: vec![message], enum_type, ..file() }]
}

fn enumeration(name: &str, values: &[(&str, i32)]) -> EnumDescriptorProto {
    let value = |&(name, number): &(&str, i32)| EnumValueDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        ..Default::default()
    };
    EnumDescriptorProto { name: Some(name.to_owned()), value: values.iter().map(value).collect(), ..Default::default() }
}

fn message(name: &str, field: Vec<FieldDescriptorProto>) -> DescriptorProto {
    DescriptorProto { name: Some(name.to_owned()), field, ..Default::default() }
}

fn holding(name: &str, nested_type: Vec<DescriptorProto>) -> DescriptorProto {
    DescriptorProto { nested_type, ..message(name, vec![]) }
}

fn scalar(name: &str, number: i32, kind: Type) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        label: Some(Label::Optional.into()),
        r#type: Some(kind.into()),
        ..Default::default()
    }
}

fn field(name: &str, number: i32, kind: Type, type_name: &str) -> FieldDescriptorProto {
    FieldDescriptorProto { type_name: Some(type_name.to_owned()), ..scalar(name, number, kind) }
}

fn repeated(field: FieldDescriptorProto) -> FieldDescriptorProto {
    FieldDescriptorProto { label: Some(Label::Repeated.into()), ..field }
}

fn default(kind: Type, value: &str) -> FieldDescriptorProto {
    FieldDescriptorProto { default_value: Some(value.to_owned()), ..scalar("x", 1, kind) }
}

fn oneofs(names: &[&str], message: DescriptorProto) -> DescriptorProto {
    let oneof = |&name: &&str| OneofDescriptorProto { name: Some(name.to_owned()), ..Default::default() };
    DescriptorProto { oneof_decl: names.iter().map(oneof).collect(), ..message }
}

fn in_oneof(index: i32, field: FieldDescriptorProto) -> FieldDescriptorProto {
    FieldDescriptorProto { oneof_index: Some(index), ..field }
}

fn present(field: FieldDescriptorProto) -> FieldDescriptorProto {
    FieldDescriptorProto { proto3_optional: Some(true), ..field }
}

fn entry(key: FieldDescriptorProto, value: FieldDescriptorProto) -> DescriptorProto {
    let options = Some(Box::new(MessageOptions { map_entry: Some(true), ..Default::default() }));
    DescriptorProto { options, ..message("MEntry", vec![key, value]) }
}

/// `M` with a map that has this entry and this field.
fn map(entry: DescriptorProto, field: FieldDescriptorProto) -> [FileDescriptorProto; 1] {
    file_with(DescriptorProto { nested_type: vec![entry], ..message("M", vec![field]) })
}

fn map_field() -> FieldDescriptorProto {
    repeated(field("m", 1, Type::Message, ".a.M.MEntry"))
}

fn service(methods: &[(&str, &str, &str)]) -> [FileDescriptorProto; 1] {
    let method = |&(name, input, output): &(&str, &str, &str)| MethodDescriptorProto {
        name: Some(name.to_owned()),
        input_type: Some(input.to_owned()),
        output_type: Some(output.to_owned()),
        ..Default::default()
    };
    let method = methods.iter().map(method).collect();
    let service = ServiceDescriptorProto { name: Some("S".to_owned()), method, ..Default::default() };
    let [file] = map(entry(scalar("key", 1, Type::Bool), scalar("value", 2, Type::Bool)), map_field());
    [FileDescriptorProto { service: vec![service], ..file }]
}

fn importing(name: &str, imports: &[&str]) -> FileDescriptorProto {
    let dependency = imports.iter().map(ToString::to_string).collect();
    FileDescriptorProto { name: Some(name.to_owned()), dependency, ..Default::default() }
}

#[test]
fn files() {
    check("no files", &[], &[]);
    check("an empty file", &[file()], &[]);
    check("a name is missing", &[FileDescriptorProto::default()], &["a file of the descriptor set has no name"]);
    check("a name is taken", &[file(), file()], &["the file is in the descriptor set twice"]);
    check(
        "a name ends a comment",
        &[importing("a\nb", &[])],
        &["the file name `a\\nb` has a control character\n  help: rename the file"],
    );
    check(
        "rustc denies a name in a comment",
        &[importing("a\u{202e}b", &[])],
        &["the file name `a\\u{202e}b` has a control character\n  help: rename the file"],
    );
    for (package, expected) in [
        ("a", &[][..]),
        ("a.b_1._c", &[]),
        ("", &["the package is set, but empty\n  help: remove `package` from the descriptor"]),
        (".a", &["the package `.a` does not consist of identifiers separated by dots"]),
        ("a..b", &["the package `a..b` does not consist of identifiers separated by dots"]),
        ("a.9", &["the package `a.9` does not consist of identifiers separated by dots"]),
        ("a\n", &["the package `a\\n` does not consist of identifiers separated by dots"]),
    ] {
        check(package, &[FileDescriptorProto { package: Some(package.to_owned()), ..file() }], expected);
    }
    let long = FileDescriptorProto { package: Some("a".repeat(512)), ..file() };
    check("a long package", &[long], &["the package is longer than 511 bytes\n  help: shorten it"]);
    let deep = |segments| [FileDescriptorProto { package: Some(vec!["a"; segments].join(".")), ..file() }];
    check("a deep package", &deep(101), &[]);
    check("a deeper package", &deep(102), &["the package has more than 100 dots\n  help: shorten it"]);
    for (syntax, edition) in [("proto2", None), ("proto3", None), ("editions", Some(1000))] {
        check(syntax, &[FileDescriptorProto { syntax: Some(syntax.to_owned()), edition, ..file() }], &[]);
    }
    let unknown = FileDescriptorProto { syntax: Some("proto4".to_owned()), ..file() };
    let expected = "syntax `proto4` is not supported\n  help: use proto2, proto3, or edition 2023, 2024 or 2026";
    check("an unknown syntax", &[unknown], &[expected]);
}

#[test]
fn imports() {
    const HELP: &str = "\n  help: pass the imported file too, for example with --include_imports";
    check("in any order", &[importing("a.proto", &["b.proto"]), importing("b.proto", &[])], &[]);
    check(
        "one is missing",
        &[importing("a.proto", &["b.proto"])],
        &[&format!("the file imports `b.proto`, which is not in the descriptor set{HELP}")],
    );
    check("of the file itself", &[importing("a.proto", &["a.proto"])], &["the file imports itself"]);
    check(
        "in a cycle",
        &[
            importing("a.proto", &["b.proto"]),
            importing("b.proto", &["c.proto"]),
            importing("c.proto", &["a.proto"]),
            importing("d.proto", &["a.proto"]),
        ],
        &["the file imports itself through `b.proto`, `c.proto`"],
    );
    let public = FileDescriptorProto { public_dependency: vec![-1, 0, 1], ..importing("a.proto", &["b.proto"]) };
    check(
        "public ones are imports",
        &[public, importing("b.proto", &[])],
        &[
            "the index -1 of a public import is out of range: the file has 1 imports",
            "the index 1 of a public import is out of range: the file has 1 imports",
        ],
    );
    let mut unresolved = importing("a.proto", &["b.proto"]);
    unresolved.message_type.push(message("M", vec![field("x", 1, Type::Message, ".b.C")]));
    check(
        "a missing one is the only error",
        &[unresolved],
        &[&format!("the file imports `b.proto`, which is not in the descriptor set{HELP}")],
    );
}

#[test]
fn import_chains_of_any_length() {
    let name = |index| format!("{index}.proto");
    let files: Vec<_> = (0..20_000).map(|index| importing(&name(index), &[&name(index + 1)])).collect();
    let mut files = files;
    files.push(importing(&name(20_000), &[]));
    check("a long chain", &files, &[]);
}

#[test]
fn names() {
    const HELP: &str = "\n  help: use letters, digits and `_` only";
    const BOTH: &str = "\n  help: rename one of them, or pass only one of the files";
    check("a message without one", &file_with(DescriptorProto::default()), &["message `a.` has no name"]);
    check("a message whose name begins with a digit", &file_with(message("1Entry", vec![])), &[]);
    for name in ["a-b", "a.b", "\u{e9}", "a b"] {
        let expected = format!(
            "message `a.{name}` has the name `{name}`, which is not an identifier{HELP}",
            name = name.escape_debug()
        );
        check(name, &file_with(message(name, vec![])), &[&expected]);
    }
    let long = file_with(message(&"M".repeat(2000), vec![]));
    let expected = format!("message `a.{}` has a full name of more than 1024 bytes", "M".repeat(1025));
    check("a long one", &long, &[&expected]);
    check(
        "an enum with that of a message",
        &file_with(message("E", vec![])),
        &[&format!("enum `a.E` has the same full name as the message at a.proto{BOTH}")],
    );
    let other = FileDescriptorProto { name: Some("b.proto".to_owned()), ..file_with(message("M", vec![]))[0].clone() };
    let files = [FileDescriptorProto { enum_type: vec![], ..file_with(message("M", vec![]))[0].clone() }, other];
    check(
        "the same in two files",
        &files,
        &[&format!("b.proto: message `a.M` has the same full name as the message at a.proto{BOTH}")],
    );
    let package = FileDescriptorProto {
        name: Some("b.proto".to_owned()),
        package: Some("a.M.b".to_owned()),
        ..Default::default()
    };
    check(
        "that of a package",
        &[file_with(message("M", vec![]))[0].clone(), package],
        &["message `a.M` has the same full name as the package at b.proto\n  help: rename one of them"],
    );
    check(
        "of a field",
        &file_with(message("M", vec![scalar("a-b", 1, Type::Bool)])),
        &[&format!("field `a.M.a-b` has the name `a-b`, which is not an identifier{HELP}")],
    );
    check(
        "of a oneof",
        &file_with(oneofs(&[""], message("M", vec![in_oneof(0, scalar("x", 1, Type::Bool))]))),
        &["oneof `a.M.` has no name"],
    );
    check(
        "of an enum value",
        &[FileDescriptorProto { enum_type: vec![enumeration("E", &[("A\"", 0)])], ..file() }],
        &[&format!("value `A\\\"` of enum `a.E` has the name `A\\\"`, which is not an identifier{HELP}")],
    );
    check("of a method", &service(&[("", ".a.M", ".a.M")]), &["method `a.S.` has no name"]);
    check(
        "of a service",
        &[FileDescriptorProto { service: vec![ServiceDescriptorProto::default()], ..file() }],
        &["service `a.` has no name"],
    );
}

fn proto3([file]: [FileDescriptorProto; 1]) -> [FileDescriptorProto; 1] {
    [FileDescriptorProto { syntax: Some("proto3".to_owned()), ..file }]
}

/// `M` nested in `M`, `levels` deep.
pub(super) fn nest(levels: usize) -> [FileDescriptorProto; 1] {
    file_with((1..levels).fold(message("M", vec![]), |inner, _| holding("M", vec![inner])))
}

#[test]
fn nesting() {
    check("32 levels", &nest(32), &[]);
    let expected = format!(
        "message `a{}` has messages nested more than 32 levels deep\n  help: move some of them to the top level",
        ".M".repeat(32)
    );
    check("33 levels", &nest(33), &[&expected]);
}

#[test]
fn enums() {
    let with = |enum_: EnumDescriptorProto| [FileDescriptorProto { enum_type: vec![enum_], ..file() }];
    check("a value", &with(enumeration("E", &[("A", -1)])), &[]);
    check(
        "no values",
        &with(enumeration("E", &[])),
        &["enum `a.E` has no values\n  help: declare one with the number 0"],
    );
    check(
        "a value twice",
        &with(enumeration("E", &[("A", 0), ("A", 1)])),
        &["value `A` of enum `a.E` has the same name as the value at a.proto"],
    );
    let mut unnumbered = enumeration("E", &[("A", 0)]);
    unnumbered.value[0].number = None;
    check("a value without a number, which is 0", &with(unnumbered), &[]);
    check(
        "a number twice",
        &with(enumeration("E", &[("A", 0), ("B", 0)])),
        &[
            "value `B` of enum `a.E` has the same number as value `A`\n  help: if this is intended, set `option allow_alias = true;`",
        ],
    );
    let open = |enum_| [FileDescriptorProto { syntax: Some("proto3".to_owned()), enum_type: vec![enum_], ..file() }];
    check(
        "an open enum without a default",
        &open(enumeration("E", &[("A", 1)])),
        &["value `A` of enum `a.E` is the first value of an open enum, but its number is not 0\n  \
           help: declare a value with the number 0 first: it is the default"],
    );
    check(
        "a value with the name of its enum",
        &with(enumeration("E", &[("E", 0)])),
        &["value `E` of enum `a.E` has the same name as enum `a.E` at a.proto\n  help: give one of them another name"],
    );
    let both = vec![enumeration("E", &[("A", 0)]), enumeration("F", &[("A", 0)])];
    check(
        "values of two enums in a package",
        &[FileDescriptorProto { enum_type: both.clone(), ..file() }],
        &[
            "value `A` of enum `a.F` has the same name as value `A` of enum `a.E` at a.proto\n  help: give one of them another name",
        ],
    );
    check(
        "values of two enums in a message",
        &file_with(DescriptorProto { enum_type: both, ..message("M", vec![scalar("A", 1, Type::Bool)]) }),
        &[
            "value `A` of enum `a.M.E` has the same name as field `a.M.A` at a.proto\n  help: give one of them another name",
            "value `A` of enum `a.M.F` has the same name as field `a.M.A` at a.proto\n  help: give one of them another name",
        ],
    );
}

#[test]
fn ranges() {
    let range = |start, end| ExtensionRange { start: Some(start), end: Some(end), ..Default::default() };
    let reserved = |start, end| ReservedRange { start: Some(start), end: Some(end) };
    let with = |extension_range: &[ExtensionRange], reserved_range: &[ReservedRange]| {
        let reserved_name = vec!["r".to_owned(), "s".to_owned()];
        let (extension_range, reserved_range) = (extension_range.to_vec(), reserved_range.to_vec());
        let fields = vec![scalar("x", 5, Type::Bool)];
        file_with(DescriptorProto { extension_range, reserved_range, reserved_name, ..message("M", fields) })
    };
    check("beside one another", &with(&[range(1, 5), range(6, 7)], &[reserved(7, 8)]), &[]);
    check(
        "extensions in proto3",
        &proto3(with(&[range(6, 7)], &[])),
        &["message `a.M` has an extension range, which proto3 does not allow"],
    );
    check("up to the last number", &with(&[range(6, 536_870_912)], &[]), &[]);
    check(
        "a field in both",
        &with(&[range(5, 6)], &[reserved(4, 6)]),
        &[
            "field `a.M.x` has the number 5, which is in the reserved range 4 to 5\n  help: give it another number",
            "message `a.M` has the extension range 5, which overlaps with the reserved range 4 to 5",
        ],
    );
    check(
        "no range",
        &with(&[range(8, 8), range(0, 1), range(6, 536_870_913)], &[]),
        &[
            "message `a.M` has the extension range 0\n  help: the lowest number is 1",
            "message `a.M` has the extension range 6 to 536870912\n  help: the highest number is 536870911",
            "message `a.M` has the extension range 8 to 7, which ends before it starts",
        ],
    );
    let [mut named] = with(&[], &[]);
    named.message_type[0].field[0].name = Some("r".to_owned());
    named.message_type[0].reserved_name.push("s".to_owned());
    check(
        "a reserved name",
        &[named],
        &[
            "field `a.M.r` has a reserved name\n  help: give it another name",
            "message `a.M` reserves the name `s` twice",
        ],
    );
    let reserved_range = vec![EnumReservedRange { start: Some(0), end: Some(1) }];
    let reserved_name = vec!["A".to_owned()];
    let enum_ = EnumDescriptorProto { reserved_range, reserved_name, ..enumeration("E", &[("A", 1), ("B", 2)]) };
    check(
        "an enum",
        &[FileDescriptorProto { enum_type: vec![enum_], ..file() }],
        &[
            "value `A` of enum `a.E` has a reserved name\n  help: give it another name",
            "value `A` of enum `a.E` has the number 1, which is in the reserved range 0 to 1\n  help: give it another number",
        ],
    );
}

#[test]
fn fields() {
    let with = |field: FieldDescriptorProto| file_with(message("M", vec![field]));
    for number in [1, (1 << 29) - 1] {
        check("a number", &with(scalar("x", number, Type::Bool)), &[]);
    }
    for number in [0, -1, 1 << 29, i32::MIN] {
        let expected = format!("field `a.M.x` has the number {number}\n  help: choose one from 1 to 536870911");
        check("no such number", &with(scalar("x", number, Type::Bool)), &[&expected]);
    }
    let bare = FieldDescriptorProto { name: Some("x".to_owned()), ..Default::default() };
    check("nothing but a name", &with(bare), &["field `a.M.x` has no number", "field `a.M.x` has no type"]);
    let unknown = FieldDescriptorProto { label: Some(4), r#type: Some(19), ..scalar("x", 1, Type::Bool) };
    check(
        "unknown label and type",
        &with(unknown),
        &["field `a.M.x` has the unknown label 4", "field `a.M.x` has the unknown type 19"],
    );
    let nul = FieldDescriptorProto { json_name: Some("a\0".to_owned()), ..scalar("x", 1, Type::Bool) };
    check("a NUL in JSON", &with(nul), &["field `a.M.x` has a JSON name that contains a NUL"]);
    check(
        "a name twice, a number twice",
        &file_with(oneofs(&["x"], message("M", vec![scalar("x", 1, Type::Bool), scalar("y", 1, Type::Bool)]))),
        &[
            "field `a.M.y` has the same number as field `x` at a.proto\n  help: give one of them another number",
            "oneof `a.M.x` has no fields",
            "oneof `a.M.x` has the same name as field `a.M.x` at a.proto\n  help: give one of them another name",
        ],
    );
}

#[test]
fn types() {
    const COMPILER: &str = "\n  help: let the compiler that writes the descriptor set resolve types, as protoc does";
    const IMPORTS: &str = "\n  help: pass the file that declares it, for example with --include_imports";
    const ANY: &str = "\n  help: write the full name of a message or an enum, with a leading dot, as protoc and buf do";
    const M: &str = "\n  help: write the full name, as protoc and buf do: `.a.M`";
    let untyped = FieldDescriptorProto { r#type: None, ..field("x", 1, Type::Message, ".a.M") };
    let unnamed = |kind| scalar("x", 1, kind);
    for (field, expected) in [
        (field("x", 1, Type::Message, ".a.M"), ""),
        (field("x", 1, Type::Enum, ".a.E"), ""),
        (field("x", 1, Type::Group, ".a.M"), ""),
        (untyped, &*format!("refers to `.a.M`, but has no type{COMPILER}")),
        (unnamed(Type::Message), "has type message, but no type name"),
        (unnamed(Type::Enum), "has type enum, but no type name"),
        (field("x", 1, Type::Message, ""), &format!("refers to ``, which does not start with a dot{ANY}")),
        (field("x", 1, Type::Message, "C"), &format!("refers to `C`, which does not start with a dot{ANY}")),
        (field("x", 1, Type::Message, "a.M"), &format!("refers to `a.M`, which does not start with a dot{M}")),
        (field("x", 1, Type::Message, "M"), &format!("refers to `M`, which does not start with a dot{M}")),
        (
            field("x", 1, Type::Message, ".b.C"),
            &format!("refers to `.b.C`, which is not in the descriptor set{IMPORTS}"),
        ),
        (field("x", 1, Type::Message, ".a.E"), "has type message, but refers to the enum `.a.E`"),
        (field("x", 1, Type::Enum, ".a.M"), "has type enum, but refers to the message `.a.M`"),
        (field("x", 1, Type::Group, ".a.E"), "has type group, but refers to the enum `.a.E`"),
        (field("x", 1, Type::Bool, ".a.M"), "is a scalar, but refers to `.a.M`"),
    ] {
        let expected: Vec<_> = [expected].into_iter().filter(|expected| !expected.is_empty()).collect();
        let expected: Vec<_> = expected.iter().map(|expected| format!("field `a.M.x` {expected}")).collect();
        let expected: Vec<_> = expected.iter().map(|expected| &**expected).collect();
        check(&format!("{field:?}"), &file_with(message("M", vec![field])), &expected);
    }
    let required = FieldDescriptorProto { label: Some(Label::Required.into()), ..scalar("y", 2, Type::Bool) };
    let [file] = file_with(message("M", vec![field("x", 1, Type::Group, ".a.M"), required]));
    check(
        "a group and a required field in proto3",
        &proto3([file.clone()]),
        &[
            "field `a.M.x` is a group, which proto3 does not allow\n  help: use a message field instead",
            "field `a.M.y` is required, which proto3 does not allow\n  help: remove the label",
        ],
    );
    let edition = FileDescriptorProto { syntax: Some("editions".to_owned()), edition: Some(1000), ..file };
    check("both in an edition, as protobuf-go writes them", std::slice::from_ref(&edition), &[]);
    let set = DescriptorSet::decode_files([prost::Message::encode_to_vec(&edition)]).unwrap();
    let schema = Schema::link(&set).unwrap();
    assert_eq!(schema.field((0, 0)).ty, crate::descriptor::Type::Group);
    assert_eq!(schema.field((0, 1)).cardinality, Cardinality::Required);
}

#[test]
fn numbers_of_protobuf_itself() {
    for number in [18_999, 20_000] {
        check("a free one", &file_with(message("M", vec![scalar("x", number, Type::Bool)])), &[]);
    }
    for number in [19_000, 19_999] {
        let expected = format!(
            "field `a.M.x` has the number {number}, which protobuf reserves\n  help: choose one outside of 19000 to 19999"
        );
        check("a reserved one", &file_with(message("M", vec![scalar("x", number, Type::Bool)])), &[&expected]);
    }
}

#[test]
fn positions() {
    let [mut file] = file_with(message("M", vec![field("x", 1, Type::Message, ".b.C")]));
    let location = Location { path: vec![4, 0, 2, 0, 1], span: vec![7, 2, 9], ..Default::default() };
    file.source_code_info = Some(SourceCodeInfo { location: vec![location] });
    check(
        "a field",
        &[file],
        &["a.proto:8:3: field `a.M.x` refers to `.b.C`, which is not in the descriptor set\n  \
           help: pass the file that declares it, for example with --include_imports"],
    );
}

#[test]
fn presence() {
    let x = || scalar("x", 1, Type::Bool);
    let y = || scalar("y", 2, Type::Bool);
    let with = |names: &[&str], fields| file_with(oneofs(names, message("M", fields)));
    check("a oneof", &with(&["o"], vec![in_oneof(0, x()), in_oneof(0, y())]), &[]);
    check("a oneof of its own", &proto3(with(&["_x"], vec![present(in_oneof(0, x()))])), &[]);
    check("an empty oneof", &with(&["o"], vec![]), &["oneof `a.M.o` has no fields"]);
    for index in [-1, 1] {
        let expected = format!("field `a.M.x` has the oneof index {index}, but the message has 1 oneofs");
        check("no such oneof", &with(&["o"], vec![in_oneof(0, y()), in_oneof(index, x())]), &[&expected]);
    }
    let label = "field `a.M.x` is in a oneof, but its label is not optional";
    check("repeated in a oneof", &with(&["o"], vec![repeated(in_oneof(0, x()))]), &[label]);
    check(
        "no oneof at all",
        &proto3(with(&[], vec![present(x())])),
        &["field `a.M.x` is `proto3_optional`, but in no oneof\n  help: give it a oneof of its own"],
    );
    check(
        "in proto2",
        &with(&["_x"], vec![present(in_oneof(0, x()))]),
        &["field `a.M.x` is `proto3_optional`, but the file is not proto3"],
    );
    check(
        "a oneof of others",
        &proto3(with(&["o"], vec![present(in_oneof(0, x())), in_oneof(0, y())])),
        &["field `a.M.x` is `proto3_optional`, but shares the oneof `o`\n  help: give it a oneof of its own"],
    );
}

#[test]
fn maps() {
    let key = |kind| scalar("key", 1, kind);
    let value = || scalar("value", 2, Type::Bytes);
    let pair = "map entry `a.M.MEntry` does not consist of a field `key` = 1 and a field `value` = 2, in this order";
    let kind = "map entry `a.M.MEntry` has a key that is neither an integer, a bool nor a string";
    let stray =
        |name| format!("field `{name}` refers to the map entry `a.M.MEntry`, but is not the map field of that entry");
    for good in [Type::String, Type::Bool, Type::Sint32, Type::Fixed64] {
        check("a key", &map(entry(key(good), value()), map_field()), &[]);
    }
    for bad in [Type::Float, Type::Double, Type::Bytes] {
        check("no key", &map(entry(key(bad), value()), map_field()), &[kind]);
    }
    let enum_key = FieldDescriptorProto { type_name: Some(".a.E".to_owned()), ..key(Type::Enum) };
    check("an enum as the key", &map(entry(enum_key, value()), map_field()), &[kind]);
    check("value before key", &map(entry(value(), key(Type::Bool)), map_field()), &[pair]);
    check("repeated value", &map(entry(key(Type::Bool), repeated(value())), map_field()), &[pair]);
    check("other numbers", &map(entry(scalar("key", 3, Type::Bool), value()), map_field()), &[pair]);
    let mut short = entry(key(Type::Bool), value());
    short.field.pop();
    check("one field", &map(short, map_field()), &[pair]);
    let group = field("value", 2, Type::Group, ".a.M");
    check(
        "a group as the value",
        &map(entry(key(Type::Bool), group), map_field()),
        &["map entry `a.M.MEntry` has a group as its value"],
    );
    let full = DescriptorProto { nested_type: vec![message("N", vec![])], ..entry(key(Type::Bool), value()) };
    check("a message in it", &map(full, map_field()), &["map entry `a.M.MEntry` declares something other than fields"]);
    check(
        "at the top level",
        &file_with(entry(key(Type::Bool), value())),
        &["map entry `a.MEntry` is not in a message"],
    );
    let single = field("m", 1, Type::Message, ".a.M.MEntry");
    check("as a single field", &map(entry(key(Type::Bool), value()), single), &[&stray("a.M.m")]);
    let as_group = repeated(field("m", 1, Type::Group, ".a.M.MEntry"));
    check("as a group", &map(entry(key(Type::Bool), value()), as_group), &[&stray("a.M.m")]);
    let of_itself = field("value", 2, Type::Message, ".a.M.MEntry");
    check("of itself", &map(entry(key(Type::Bool), of_itself), map_field()), &[&stray("a.M.MEntry.value")]);
    let [mut other] = map(entry(key(Type::Bool), value()), map_field());
    other.message_type.push(message("N", vec![map_field()]));
    check("of another message", &[other], &[&stray("a.N.m")]);
}

#[test]
fn methods() {
    check("messages", &service(&[("A", ".a.M", ".a.M"), ("B", ".a.M", ".a.M")]), &[]);
    check(
        "a name twice",
        &service(&[("A", ".a.M", ".a.M"), ("A", ".a.M", ".a.M")]),
        &["method `a.S.A` has the same name as the method at a.proto\n  help: rename one of them"],
    );
    check(
        "other kinds",
        &service(&[("A", ".a.E", ".a.S"), ("B", ".a.M.MEntry", ".b.C")]),
        &[
            "method `a.S.A` has the enum `.a.E` as its input type",
            "method `a.S.A` has the service `.a.S` as its output type",
            "method `a.S.B` has the map entry `.a.M.MEntry` as its input type",
            "method `a.S.B` refers to `.b.C`, which is not in the descriptor set\n  \
             help: pass the file that declares it, for example with --include_imports",
        ],
    );
    let [mut untyped] = service(&[("A", ".a.M", ".a.M")]);
    untyped.service[0].method[0].input_type = None;
    check("no type", &[untyped], &["method `a.S.A` has no input type"]);
}

#[test]
fn defaults() {
    let with = |field: FieldDescriptorProto| file_with(message("M", vec![field]));
    for (kind, values) in [
        (Type::Int32, &["0", "-0", "-2147483648", "2147483647"][..]),
        (Type::Sint64, &["-9223372036854775808"]),
        (Type::Uint32, &["4294967295"]),
        (Type::Fixed64, &["18446744073709551615"]),
        (Type::Float, &["1", "-1.5", "1e+30", "3.40282347e+38", "1e-99", "inf", "-inf", "nan"]),
        (Type::Double, &["-0", "1.7976931348623157e+308"]),
        (Type::Bool, &["true", "false"]),
        (Type::String, &["", "\"\\\n\u{e9}{}"]),
        (Type::Bytes, &["", "\u{e9}", r#"\a\b\f\n\r\t\v\\\?\'\"\0\12\377\x0f\XFF"#]),
    ] {
        for value in values {
            check(value, &with(default(kind, value)), &[]);
        }
    }
    for (kind, expected, values) in [
        (Type::Int32, "a signed 32-bit integer", &["", "x", "+1", "1.0", "0x1", "2147483648", " 1"][..]),
        (Type::Sfixed64, "a signed 64-bit integer", &["9223372036854775808"]),
        (Type::Fixed32, "an unsigned 32-bit integer", &["-0", "-1", "4294967296"]),
        (Type::Uint64, "an unsigned 64-bit integer", &["18446744073709551616"]),
        (
            Type::Float,
            "a number in range, `inf`, `-inf` or `nan`",
            &["", "-", "-nan", "NaN", "infinity", "1e39", "1.", ".5", "1e", "+1", "1f", "0x1"],
        ),
        (Type::Double, "a number in range, `inf`, `-inf` or `nan`", &["1e400"]),
        (Type::Bool, "`true` or `false`", &["", "True", "1"]),
        (Type::Bytes, "bytes escaped as in C", &["\\", "\\x", "\\x1", "\\xg0", "\\x\u{e9}", "\\400", "\\8", "\\u0041"]),
    ] {
        for value in values {
            let expected = format!("field `a.M.x` has the default `{}`, which is not {expected}", value.escape_debug());
            check(value, &with(default(kind, value)), &[&expected]);
        }
    }
    let of_enum =
        |value: &str| FieldDescriptorProto { type_name: Some(".a.E".to_owned()), ..default(Type::Enum, value) };
    check("a value", &with(of_enum("B")), &[]);
    check("no value", &with(of_enum("D")), &["field `a.M.x` has the default `D`, which is not a value of enum `a.E`"]);
    check("an alias", &with(of_enum("C")), &[]);
    check(
        "of a message",
        &with(FieldDescriptorProto { type_name: Some(".a.M".to_owned()), ..default(Type::Message, "") }),
        &["field `a.M.x` is a message, but has a default"],
    );
    check(
        "of a repeated field",
        &with(repeated(default(Type::Bool, "true"))),
        &["field `a.M.x` is repeated, but has a default"],
    );
}

/// `M0` contains `M1` in `fields` fields, and so on up to the last message, which has a number.
pub(super) fn tower(levels: usize, fields: i32) -> [FileDescriptorProto; 1] {
    let level = |level: usize| {
        let inner = format!(".a.M{}", level + 1);
        let fields = (1..=fields).map(|number| field(&format!("f{number}"), number, Type::Message, &inner));
        message(&format!("M{level}"), fields.collect())
    };
    let mut message_type: Vec<_> = (0..levels - 1).map(level).collect();
    message_type.push(message(&format!("M{}", levels - 1), vec![scalar("x", 1, Type::Bool)]));
    [FileDescriptorProto { message_type, ..file() }]
}

#[test]
fn containment() {
    const HELP: &str = "help: make one of the fields repeated";
    check("100 levels", &tower(100, 1), &[]);
    check(
        "too many levels",
        &tower(10_000, 1),
        &[&format!("message `a.M9899` contains other messages more than 100 levels deep\n  {HELP}")],
    );
    check("many paths", &tower(16, 2), &[]);
    check(
        "too many paths",
        &tower(60, 2),
        &[&format!("message `a.M43` contains other messages on more than 100000 paths\n  {HELP}")],
    );
    let [mut cycle] = tower(60, 2);
    cycle.message_type[59].field.push(field("back", 2, Type::Message, ".a.M0"));
    check("a cycle contains nothing by value", &[cycle], &[]);
    let [mut vectors] = tower(10_000, 1);
    vectors.message_type.iter_mut().for_each(|message| message.field[0].label = Some(Label::Repeated.into()));
    check("repeated fields contain nothing by value", &[vectors], &[]);
}

#[test]
fn texts_that_are_not_utf_8() {
    let field = FieldDescriptorProto {
        default_value: Some("???".to_owned()),
        json_name: Some("!!!".to_owned()),
        ..scalar("f", 1, Type::String)
    };
    let [file] = file_with(message("M", vec![field]));
    let bytes = prost::Message::encode_to_vec(&file);
    let bytes = bytes.into_iter().map(|byte| if matches!(byte, b'?' | b'!') { 0xff } else { byte }).collect();
    let set = DescriptorSet::decode_files([bytes]).unwrap();
    let error = Schema::link(&set).unwrap_err().to_string();
    for expected in ["has a default that is not UTF-8", "has a JSON name that is not UTF-8"] {
        assert!(error.contains(&format!("a.proto: field `a.M.f` {expected}")), "{error}");
    }
}

/// A file with one extension; 500 is the number of a field of `M`.
fn extending(extendee: &str, extension: FieldDescriptorProto) -> [FileDescriptorProto; 1] {
    let range = |start, end| ExtensionRange { start: Some(start), end: Some(end), ..Default::default() };
    let [file] = map(entry(scalar("key", 1, Type::Bool), scalar("value", 2, Type::Bool)), map_field());
    let set = MessageOptions { message_set_wire_format: Some(true), ..Default::default() };
    let set = DescriptorProto { options: Some(Box::new(set)), ..message("Set", vec![]) };
    let set = DescriptorProto { extension_range: vec![range(1, i32::MAX)], ..set };
    let extension = vec![FieldDescriptorProto { extendee: Some(extendee.to_owned()), ..extension }];
    let mut message_type: Vec<_> = file.message_type.iter().cloned().chain([set]).collect();
    message_type[0].extension_range = vec![range(1, 500), range(501, 536_870_912)];
    message_type[0].field[0].number = Some(500);
    [FileDescriptorProto { extension, message_type, ..file }]
}

#[test]
fn extensions() {
    const RENAME: &str = "help: rename one of them, or pass only one of the files";
    let number = |number| FieldDescriptorProto { number, ..scalar("x", 1, Type::Bool) };
    let ty = |kind, name| field("x", 1, kind, name);
    for (extendee, extension) in [
        (".a.M", number(Some(1))),
        (".a.M", number(Some(536_870_911))),
        (".a.M", repeated(ty(Type::Message, ".a.M"))),
        (".a.M", ty(Type::Enum, ".a.E")),
        (".a.M", ty(Type::Group, ".a.M")),
        (".a.M", FieldDescriptorProto { label: None, ..number(Some(2)) }),
        (".a.Set", ty(Type::Message, ".a.M")),
        (".a.Set", FieldDescriptorProto { number: Some(i32::MAX - 1), ..ty(Type::Message, ".a.M") }),
        // An option of a set without descriptor.proto.
        (".google.protobuf.MethodOptions", number(Some(50_000))),
    ] {
        check(extendee, &extending(extendee, extension), &[]);
    }
    let range = "help: choose one from 1 to 536870911";
    let reserved = "which protobuf reserves\n  help: choose one outside of 19000 to 19999";
    let untyped = FieldDescriptorProto { r#type: None, ..number(Some(1)) };
    let absent = "which is not in the descriptor set\n  \
                  help: pass the file that declares it, for example with --include_imports";
    for (extendee, extension, expected) in [
        (".a.M", number(None), "has no number".to_owned()),
        (".a.M", number(Some(0)), format!("has the number 0\n  {range}")),
        (".a.M", number(Some(-1)), format!("has the number -1\n  {range}")),
        (".a.M", number(Some(536_870_912)), format!("has the number 536870912\n  {range}")),
        (
            ".a.Set",
            FieldDescriptorProto { number: Some(0), ..ty(Type::Message, ".a.M") },
            "has the number 0\n  help: choose one from 1 to 2147483647".to_owned(),
        ),
        (".a.M", number(Some(19_000)), format!("has the number 19000, {reserved}")),
        (
            ".a.Set",
            FieldDescriptorProto { number: Some(19_999), ..ty(Type::Message, ".a.M") },
            format!("has the number 19999, {reserved}"),
        ),
        (
            ".a.M",
            number(Some(500)),
            "has the number 500, which `a.M` does not declare as an extension number\n  \
             help: declare it in `a.M`: `extensions 500;`"
                .to_owned(),
        ),
        (".google.protobuf.FileOptions", number(None), "has no number".to_owned()),
        (".a.M", in_oneof(0, number(Some(1))), "is in a oneof, which extensions cannot be".to_owned()),
        (".a.M", present(number(Some(1))), "is `proto3_optional`, but the file is not proto3".to_owned()),
        (
            ".a.Set",
            repeated(ty(Type::Message, ".a.M")),
            "extends a message set, but is not an optional message".to_owned(),
        ),
        (
            ".a.M",
            FieldDescriptorProto { default_value: Some("2".to_owned()), ..number(Some(1)) },
            "has the default `2`, which is not `true` or `false`".to_owned(),
        ),
        (".a.M", untyped, "has no type".to_owned()),
        (".a.M", ty(Type::Message, ".a.N"), format!("refers to `.a.N`, {absent}")),
        (".a.M", ty(Type::Message, ".a.E"), "has type message, but refers to the enum `.a.E`".to_owned()),
        (".a.N", number(Some(1)), format!("refers to `.a.N`, {absent}")),
        (".a.E", number(Some(1)), "extends the enum `.a.E`".to_owned()),
        (".a.M.MEntry", number(Some(1)), "extends the map entry `a.M.MEntry`".to_owned()),
        (
            ".a.M",
            repeated(ty(Type::Message, ".a.M.MEntry")),
            "refers to the map entry `a.M.MEntry`, but is not the map field of that entry".to_owned(),
        ),
    ] {
        check(&expected, &extending(extendee, extension), &[&format!("extension `a.x` {expected}")]);
    }
    let quoted = FieldDescriptorProto { name: Some("x\"; y".to_owned()), ..number(Some(1)) };
    check(
        "a quote in the name",
        &extending(".a.M", quoted),
        &["extension `a.x\\\"; y` has the name `x\\\"; y`, which is not an identifier\n  \
           help: use letters, digits and `_` only"],
    );
    let [mut twice] = extending(".a.M", number(Some(1)));
    twice.extension.push(FieldDescriptorProto { name: Some("M".to_owned()), ..twice.extension[0].clone() });
    twice.extension.push(twice.extension[0].clone());
    let second = "has the same number as extension `a.x` at a.proto\n  help: give one of them another number";
    check(
        "a name and a number twice",
        &[twice],
        &[
            &format!("extension `a.M` has the same full name as the message at a.proto\n  {RENAME}"),
            &format!("extension `a.M` {second}"),
            &format!("extension `a.x` has the same full name as the extension at a.proto\n  {RENAME}"),
            &format!("extension `a.x` {second}"),
        ],
    );
    let [mut nothing] = extending(".a.M", number(Some(1)));
    nothing.extension[0].extendee = None;
    check("no extendee", &[nothing], &["extension `a.x` has no extendee"]);
}
