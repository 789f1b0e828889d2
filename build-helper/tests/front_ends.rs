//! The output has the same bytes, whichever front end compiles the files.

mod common;

use rgrpc_build::{Builder, configure};

use common::{ALL, Folder, PROTOS, descriptor_set, protoc};

#[test]
fn every_front_end_gives_the_same_bytes() {
    let folder = Folder::new();
    let set = folder.path("set.binpb");
    descriptor_set(&set);
    let builder = |name: &str| configure().out_dir(folder.path(name));
    builder("own").compile_protos(&ALL, &[PROTOS]).unwrap();
    builder("protoc").protoc(protoc()).compile_protos(&ALL, &[PROTOS]).unwrap();
    builder("descriptor set").compile_descriptor_set(&set).unwrap();
    let expected = folder.files("own");
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

/// Embedded descriptors included.
#[test]
fn every_case_is_the_same_from_every_front_end() {
    for case in testdata::cases() {
        let google = testdata::protoc_include();
        let outcome = |builder: Builder| {
            let folder = Folder::new();
            let pairs = case.options.iter().map(|option| option.split_once('=').unwrap_or((option, "true")));
            let builder = pairs.fold(builder, |builder, (name, value)| builder.option(name, value));
            let builder = builder.out_dir(folder.path("out")).file_descriptor_set_path(folder.path("out/set.binpb"));
            let result = builder.compile_protos(&case.files, &[&case.root, &google]);
            result.map(|()| folder.files("out")).map_err(|error| error.to_string())
        };
        let (own, protoc) = (outcome(configure()), outcome(configure().protoc(protoc())));
        assert!(own.is_ok(), "{}: {own:?}", case.name);
        assert!(own == protoc, "{} differs", case.name);
    }
}

#[test]
fn default_values_of_floats_are_formatted_alike() {
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
    for (name, builder) in [("own", configure()), ("protoc", configure().protoc(protoc()))] {
        builder.out_dir(folder.path(name)).compile_protos(&["numbers.proto"], &[folder.path("p")]).unwrap();
    }
    assert_eq!(folder.texts("own"), folder.texts("protoc"));
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
    for (name, builder) in [("own", configure()), ("protoc", configure().protoc(protoc()))] {
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
fn every_edition_is_read() {
    for edition in ["2023", "2024", "2026"] {
        let text =
            format!("edition = \"{edition}\";\npackage new;\n// Documented.\nmessage New {{ string name = 1; }}\n");
        let folder = Folder::with(&[("proto/new.proto", &text)]);
        let arguments = (["new.proto"], [folder.path("proto")]);
        let builder = |name: &str| configure().out_dir(folder.path(name));
        builder("own").compile_protos(&arguments.0, &arguments.1).unwrap();
        let protoc = builder("protoc").protoc(protoc()).protoc_arg("--experimental_editions");
        protoc.compile_protos(&arguments.0, &arguments.1).unwrap();
        assert_eq!(folder.texts("own"), folder.texts("protoc"), "{edition}");
        assert!(folder.texts("own")["new.rs"].contains("/// Documented."));
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

/// Each error shows that the copy was read: the bundled file declares the message, and has no error.
#[test]
fn a_copy_of_a_google_file_takes_precedence_over_the_bundled_one() {
    let a = (
        "p/a.proto",
        "syntax = \"proto3\";\nimport \"google/protobuf/empty.proto\";\nmessage A { google.protobuf.Empty e = 1; }\n",
    );
    let error = |copy: &str| {
        let folder = Folder::with(&[a, ("p/google/protobuf/empty.proto", copy)]);
        let builder = configure().out_dir(folder.path("out"));
        let error = builder.compile_protos(&["a.proto"], &[folder.path("p")]).unwrap_err();
        folder.hide(&error.to_string())
    };
    assert_eq!(
        error("edition = \"2023\";\npackage google.protobuf;\nmessage Void {}\n").lines().nth(1),
        Some("<folder>/p/a.proto:3:13: `google.protobuf.Empty` is not defined")
    );
    let broken = error("syntax = \"proto3\";\npackage google.protobuf;\nmessage Empty { int32 = 1; }\n");
    assert!(broken.starts_with("1 error\n<folder>/p/google/protobuf/empty.proto:3:23: "), "{broken}");
}

#[test]
fn well_known_types_are_the_same_from_every_front_end() {
    let folder = Folder::new();
    let google = protoc_bin_vendored::include_path().unwrap();
    let protos = ["google/protobuf/timestamp.proto", "google/protobuf/empty.proto", "user/v1/user.proto"];
    for (name, builder) in [("own", configure()), ("protoc", configure().protoc(protoc()))] {
        let builder = builder.compile_well_known_types(true).out_dir(folder.path(name));
        builder.compile_protos(&protos, &[PROTOS.as_ref(), google.as_path()]).unwrap();
    }
    assert!(folder.names("own").contains(&"google.protobuf.rs".to_owned()));
    assert_eq!(folder.files("own"), folder.files("protoc"));
}

#[test]
fn the_written_descriptor_set_is_that_of_protoc() {
    let folder = Folder::new();
    let expected = folder.path("expected.binpb");
    descriptor_set(&expected);
    for (name, builder) in [("own", configure()), ("protoc", configure().protoc(protoc()))] {
        let set = folder.path(&format!("new/{name}/set.binpb"));
        let builder = builder.out_dir(folder.path("out")).file_descriptor_set_path(&set);
        // The bundled files have no source info.
        builder.compile_protos(&ALL, &[PROTOS.as_ref(), testdata::protoc_include().as_path()]).unwrap();
        assert!(std::fs::read(set).unwrap() == std::fs::read(&expected).unwrap(), "{name}");
    }
}
