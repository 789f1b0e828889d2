//! Whatever reads the files, the output has the same bytes.

mod common;

use common::{ALL, Folder, PROTOS, descriptor_set, protoc};
use rgrpc_build::{Builder, configure};

/// What protoc accepts and the built-in parser does not: editions, and proto2 fields whose names clash in JSON.
const REFUSED: [&str; 2] = [" needs a protoc: ", "a field with JSON name '' is already defined"];

#[test]
fn every_front_end_gives_the_same_bytes() {
    let folder = Folder::new();
    let set = folder.path("set.binpb");
    descriptor_set(&set);
    let builder = |name: &str| configure().out_dir(folder.path(name));
    builder("protox").compile_protos(&ALL, &[PROTOS]).unwrap();
    builder("protoc").protoc(protoc()).compile_protos(&ALL, &[PROTOS]).unwrap();
    builder("descriptor set").compile_descriptor_set(&set).unwrap();
    let expected = folder.files("protox");
    let names: Vec<_> = expected.keys().map(String::as_str).collect();
    assert_eq!(names, [".mod.rs.rgrpc", "common.v1.rs", "mod.rs", "rules.rs", "user.v1.rs"]);
    let user = String::from_utf8_lossy(&expected["user.v1.rs"]);
    for comment in ["A user.", "Gets one.", "Serves users."] {
        assert!(user.contains(comment), "{comment}");
    }
    for name in ["protoc", "descriptor set"] {
        assert_eq!(folder.files(name), expected, "{name}");
    }
}

/// Embedded descriptors are left out: the built-in parser may encode options in another way, and has its own
/// `descriptor.proto`.
#[test]
fn every_case_is_the_same_from_every_front_end() {
    let mut compared = 0;
    for case in testdata::cases() {
        let google = testdata::protoc_include();
        let outcome = |builder: Builder| {
            let folder = Folder::new();
            let pairs = case.options.iter().map(|option| option.split_once('=').unwrap_or((option, "true")));
            let builder = pairs.fold(builder, |builder, (name, value)| builder.option(name, value));
            let builder = builder.descriptor_set(false).out_dir(folder.path("out"));
            let result = builder.compile_protos(&case.files, &[&case.root, &google]);
            result.map(|()| folder.texts("out")).map_err(|error| error.to_string())
        };
        let ours = outcome(configure());
        if ours.as_ref().is_err_and(|error| REFUSED.iter().any(|refused| error.contains(refused))) {
            continue;
        }
        assert_eq!(ours, outcome(configure().protoc(protoc())), "{}", case.name);
        compared += 1;
    }
    assert!(compared > 20, "{compared} cases");
}

#[test]
fn the_defaults_of_floats_are_spelled_alike() {
    const NUMBERS: [&str; 22] = [
        "0",
        "-0.0",
        "1",
        "017",
        "0xFF",
        "0.1",
        "-0.25",
        "1e-7",
        "0.00001",
        "1e5",
        "1e6",
        "1234567",
        "16777217",
        "1.5e10",
        "123456789012345678",
        "1e15",
        "1e16",
        "1e21",
        "3.4028235e38",
        "0.3333333333333333",
        "inf",
        "-nan",
    ];
    let field = |(index, number): (usize, &&str)| {
        let tag = 2 * index + 1;
        format!(
            "optional float f{tag} = {tag} [default = {number}];\n optional double d{tag} = {} [default = {number}];",
            tag + 1
        )
    };
    let fields: String = NUMBERS.iter().enumerate().map(field).collect();
    let text = format!("syntax = \"proto2\";\nmessage Outer {{ message Inner {{ {fields} }} }}\n");
    let folder = Folder::with(&[("p/numbers.proto", &text)]);
    for (name, builder) in [("protox", configure()), ("protoc", configure().protoc(protoc()))] {
        builder.out_dir(folder.path(name)).compile_protos(&["numbers.proto"], &[folder.path("p")]).unwrap();
    }
    assert_eq!(folder.texts("protox"), folder.texts("protoc"));
}

#[test]
fn the_order_of_files_and_the_form_of_paths_do_not_matter() {
    let folder = Folder::new();
    configure().out_dir(folder.path("expected")).compile_protos(&ALL, &[PROTOS]).unwrap();
    let absolute = std::path::absolute(PROTOS).unwrap();
    let [money, rules, user] = ALL;
    let user_in_absolute = absolute.join("user/v1/user.proto");
    for (name, protos) in [
        ("reversed", [user, rules, money]),
        ("names", ["rules.proto", "common/v1/money.proto", "user/v1/user.proto"]),
        ("dotted", [user, "./tests/protos/../protos/rules.proto", "tests/protos/./common/v1/money.proto"]),
        ("absolute", [user_in_absolute.to_str().unwrap(), rules, money]),
    ] {
        configure().out_dir(folder.path(name)).compile_protos(&protos, &[PROTOS]).unwrap();
        assert_eq!(folder.files(name), folder.files("expected"), "{name}");
    }
    configure().out_dir(folder.path("include")).compile_protos(&ALL, &[absolute]).unwrap();
    assert_eq!(folder.files("include"), folder.files("expected"));
}

#[test]
fn only_listed_files_are_generated() {
    let folder = Folder::new();
    for (name, builder) in [("protox", configure()), ("protoc", configure().protoc(protoc()))] {
        builder.out_dir(folder.path(name)).compile_protos(&["rules.proto"], &[PROTOS]).unwrap();
        assert_eq!(folder.names(name), [".mod.rs.rgrpc", "mod.rs", "rules.rs"], "{name}");
    }
}

#[test]
fn without_includes_files_are_found_from_the_current_folder() {
    let folder = Folder::new();
    for (name, includes) in [("none", &[][..]), ("dot", &["."])] {
        configure().out_dir(folder.path(name)).compile_protos(&["tests/protos/rules.proto"], includes).unwrap();
        let code = &folder.texts(name)["rules.rs"];
        assert!(code.contains("from tests/protos/rules.proto."), "{code}");
    }
}

#[test]
fn an_edition_is_read_by_a_protoc() {
    let folder = Folder::with(&[(
        "proto/new.proto",
        "edition = \"2023\";\npackage new;\n// Documented.\nmessage New { string name = 1; }\n",
    )]);
    let set = folder.path("set.binpb");
    configure()
        .protoc(protoc())
        .out_dir(folder.path("protoc"))
        .file_descriptor_set_path(&set)
        .compile_protos(&["new.proto"], &[folder.path("proto")])
        .unwrap();
    configure().out_dir(folder.path("set")).compile_descriptor_set(set).unwrap();
    assert_eq!(folder.files("protoc"), folder.files("set"));
    if cfg!(feature = "vendored-protoc") {
        configure().out_dir(folder.path("vendored")).compile_protos(&["new.proto"], &[folder.path("proto")]).unwrap();
        assert_eq!(folder.files("vendored"), folder.files("protoc"));
    }
}

#[test]
fn the_google_files_of_a_newer_protoc_may_lie_on_the_include_path() {
    let folder = Folder::new();
    let google = protoc_bin_vendored::include_path().unwrap();
    configure().out_dir(folder.path("without")).compile_protos(&ALL, &[PROTOS]).unwrap();
    configure().out_dir(folder.path("with")).compile_protos(&ALL, &[PROTOS.as_ref(), google.as_path()]).unwrap();
    assert_eq!(folder.files("with"), folder.files("without"));
}

#[test]
fn a_google_file_that_moved_to_an_edition_needs_no_protoc() {
    let folder = Folder::with(&[
        ("p/a.proto", "syntax = \"proto3\";\nimport \"google/protobuf/empty.proto\";\nmessage A {}\n"),
        ("p/google/protobuf/empty.proto", "edition = \"2023\";\npackage google.protobuf;\nmessage Empty {}\n"),
    ]);
    let builder = configure().out_dir(folder.path("out"));
    builder.compile_protos(&["a.proto"], &[folder.path("p")]).unwrap();
}

#[test]
fn well_known_types_are_the_same_from_every_front_end() {
    let folder = Folder::new();
    let google = protoc_bin_vendored::include_path().unwrap();
    let protos = ["google/protobuf/timestamp.proto", "google/protobuf/empty.proto", "user/v1/user.proto"];
    for (name, builder) in [("protox", configure()), ("protoc", configure().protoc(protoc()))] {
        let builder = builder.compile_well_known_types(true).out_dir(folder.path(name));
        builder.compile_protos(&protos, &[PROTOS.as_ref(), google.as_path()]).unwrap();
    }
    assert!(folder.names("protox").contains(&"google.protobuf.rs".to_owned()));
    assert_eq!(folder.files("protox"), folder.files("protoc"));
}

#[test]
fn the_written_descriptor_set_is_what_protoc_wrote() {
    let folder = Folder::new();
    let expected = folder.path("expected.binpb");
    descriptor_set(&expected);
    let set = folder.path("new/folder/set.binpb");
    let builder = configure().protoc(protoc()).out_dir(folder.path("out")).file_descriptor_set_path(&set);
    builder.compile_protos(&ALL, &[PROTOS]).unwrap();
    assert_eq!(std::fs::read(set).unwrap(), std::fs::read(expected).unwrap());
}

#[test]
fn custom_options_survive_the_built_in_parser() {
    let folder = Folder::new();
    let set = folder.path("set.binpb");
    let builder = configure().out_dir(folder.path("out")).file_descriptor_set_path(&set);
    builder.compile_protos(&ALL, &[PROTOS]).unwrap();
    let bytes = std::fs::read(set).unwrap();
    assert!(bytes.windows(5).any(|window| window == b"upper"));
}
