//! Tests that rustfmt leaves generated code as it is, so that formatting on save changes nothing.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use prost::Message;
use prost_types::field_descriptor_proto::{Label, Type};
use prost_types::{
    DescriptorProto, EnumDescriptorProto, EnumValueDescriptorProto, FieldDescriptorProto, FileDescriptorProto,
    FileDescriptorSet, MethodDescriptorProto, OneofDescriptorProto, ServiceDescriptorProto,
};
use rgrpc_codegen::{DescriptorSet, Options, generate};

/// The longest names of messages and enums. rustfmt breaks between `impl` and a longer name.
const LONGEST: usize = 93;

/// The longest names of services and methods. rustfmt breaks the only type argument after `for` with a longer name.
const LONGEST_SERVICE: usize = 63;

#[test]
fn golden_files_stay() {
    let folder = testdata::folder().join("../golden/src/cases");
    let cases = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).filter(|path| path.is_dir());
    let files = cases.flat_map(|case| fs::read_dir(case).unwrap()).map(|entry| entry.unwrap().path());
    let files = files.filter(|file| file.extension().is_some_and(|extension| extension == "rs"));
    let name = |file: &Path| file.iter().rev().take(2).map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("-");
    check("golden", &files.map(|file| (name(&file), fs::read_to_string(file).unwrap())).collect::<Vec<_>>());
}

#[test]
fn names_of_every_width_stay() {
    for options in [
        "generate_default_stubs",
        "dyn_trait,bytes=.,boxed=.,enable_type_names",
        "compile_well_known_types,build_server=false",
        "unknown_fields=.,build_server=false",
    ] {
        let set = FileDescriptorSet { file: (1..=LONGEST).map(file).collect() };
        check(&options.replace(['=', ',', '.'], "-"), &generated(&set.encode_to_vec(), options));
    }
}

/// Formats the set at `DESCRIPTOR_SET`, if it is set: `.ci/messages` passes a large one.
#[test]
fn a_given_set_stays() {
    if let Some(path) = std::env::var_os("DESCRIPTOR_SET") {
        check("given", &generated(&fs::read(path).unwrap(), ""));
    }
}

fn generated(set: &[u8], options: &str) -> Vec<(String, String)> {
    let set = DescriptorSet::decode(set.to_vec()).unwrap();
    let names: Vec<&str> = set.file_names().filter(|name| !name.starts_with("google/protobuf/")).collect();
    let output = generate(&set, &names, &Options::parse(options).unwrap()).unwrap();
    output.files.into_iter().map(|file| (file.name, file.content)).collect()
}

/// Whether rustfmt is installed, which a minimal toolchain lacks. In CI it has to be.
fn is_installed() -> bool {
    let answers = Command::new("rustfmt").arg("--version").output().is_ok_and(|output| output.status.success());
    assert!(answers || std::env::var_os("CI").is_none(), "rustfmt is not installed");
    answers
}

/// Runs rustfmt with its default settings instead of those of this workspace.
fn check(name: &str, files: &[(String, String)]) {
    if !is_installed() {
        return eprintln!("{name} is not compared: rustfmt is not installed");
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rustfmt").join(name);
    // The folder may not exist yet.
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("rustfmt.toml"), "").unwrap();
    let write = |(name, text): &(String, String)| {
        let path = folder.join(name);
        fs::write(&path, text).unwrap();
        path
    };
    let paths: Vec<PathBuf> = files.iter().map(write).collect();
    for edition in ["2021", "2024"] {
        let output = Command::new("rustfmt").args(["--edition", edition]).args(&paths).output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{name}, {edition}: {error}");
        let differences = paths.iter().zip(files).filter_map(|(path, (name, text))| {
            let formatted = fs::read_to_string(path).unwrap();
            let mut lines = text.lines().zip(formatted.lines()).zip(1..);
            let ((ours, theirs), line) = lines.find(|((ours, theirs), _)| ours != theirs)?;
            Some(format!("{name}:{line}\n-{ours}\n+{theirs}\n"))
        });
        let differences: String = differences.collect();
        assert!(differences.is_empty(), "{edition}, {}:\n{differences}", folder.display());
    }
}

/// A file with one element of each kind, in a package of its own, with names of so many characters.
fn file(length: usize) -> FileDescriptorProto {
    let package = format!("w.l{length}");
    let long = |first: &str| format!("{first}{}", "n".repeat(length - 1));
    let (message, enumeration) = (format!(".{package}.{}", long("M")), format!(".{package}.{}", long("E")));
    let outer = DescriptorProto {
        name: Some(long("M")),
        nested_type: vec![
            DescriptorProto { enum_type: vec![enum_(&long("E"))], ..fields(&long("I"), &message, &enumeration) },
            map_entry("MapEntry", &message),
        ],
        field: [
            fields("", &message, &enumeration).field,
            vec![FieldDescriptorProto {
                label: Some(Label::Repeated.into()),
                ..field("map", 9, Type::Message, &format!("{message}.MapEntry"))
            }],
        ]
        .concat(),
        ..fields(&long("M"), &message, &enumeration)
    };
    let short = |first: &str| long(first)[..length.min(LONGEST_SERVICE)].to_owned();
    let method = |(name, client_streaming, server_streaming): (&str, bool, bool)| MethodDescriptorProto {
        name: Some(short(name)),
        input_type: Some(message.clone()),
        output_type: Some(format!("{message}.{}", long("I"))),
        client_streaming: Some(client_streaming),
        server_streaming: Some(server_streaming),
        ..MethodDescriptorProto::default()
    };
    let methods = [("A", false, false), ("B", false, true), ("C", true, false), ("D", true, true)].map(method).to_vec();
    FileDescriptorProto {
        name: Some(format!("{length}.proto")),
        package: Some(package),
        message_type: vec![outer],
        enum_type: vec![enum_(&long("E"))],
        service: vec![ServiceDescriptorProto { name: Some(short("S")), method: methods, options: None }],
        syntax: Some("proto2".to_owned()),
        ..FileDescriptorProto::default()
    }
}

fn fields(name: &str, message: &str, enumeration: &str) -> DescriptorProto {
    let name_of = |first: &str| format!("{first}{}", &name.get(1..).unwrap_or_default());
    let member = FieldDescriptorProto { oneof_index: Some(0), ..field(&name_of("m"), 7, Type::Message, message) };
    let redacted = FieldDescriptorProto {
        options: Some(prost_types::FieldOptions { deprecated: Some(true), ..Default::default() }),
        oneof_index: Some(0),
        ..field(&name_of("r"), 8, Type::String, "")
    };
    let list = FieldDescriptorProto { label: Some(Label::Repeated.into()), ..field("l", 4, Type::Enum, enumeration) };
    DescriptorProto {
        name: Some(name.to_owned()),
        field: vec![
            field(&name_of("a"), 1, Type::Message, message),
            field("b", 2, Type::Enum, enumeration),
            field(&name_of("c"), 3, Type::Bytes, ""),
            list,
            member,
            redacted,
        ],
        oneof_decl: vec![OneofDescriptorProto { name: Some(name_of("o")), options: None }],
        ..DescriptorProto::default()
    }
}

fn field(name: &str, number: i32, ty: Type, type_name: &str) -> FieldDescriptorProto {
    FieldDescriptorProto {
        name: Some(name.to_owned()),
        number: Some(number),
        label: Some(Label::Optional.into()),
        r#type: Some(ty.into()),
        type_name: (!type_name.is_empty()).then(|| type_name.to_owned()),
        ..FieldDescriptorProto::default()
    }
}

fn map_entry(name: &str, value: &str) -> DescriptorProto {
    DescriptorProto {
        name: Some(name.to_owned()),
        field: vec![field("key", 1, Type::String, ""), field("value", 2, Type::Message, value)],
        options: Some(prost_types::MessageOptions { map_entry: Some(true), ..Default::default() }),
        ..DescriptorProto::default()
    }
}

fn enum_(name: &str) -> EnumDescriptorProto {
    let value = |(first, number): (&str, i32)| EnumValueDescriptorProto {
        name: Some(format!("{first}{}", &name[1..]).to_uppercase()),
        number: Some(number),
        options: None,
    };
    EnumDescriptorProto {
        name: Some(name.to_owned()),
        value: [("V", 0), ("W", -1), ("X", 1_000_000)].map(value).to_vec(),
        ..EnumDescriptorProto::default()
    }
}
