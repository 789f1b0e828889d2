//! The project file `rgrpc.toml`, its use by commands and build scripts, and errors in it.

mod common;

use common::{Project, USER};

const SHOP: &str = "syntax = \"proto3\";\npackage shop;\nimport \"user.proto\";\nmessage Shop {\n  user.User owner = 1;\n  bytes logo = 2;\n}\n";

const FILE: &str = r##"
inputs = ["proto"]
out = "src/pb"

[options]
build_server = false
bytes = [".shop"]
type_attribute = { ".user.User" = "#[doc(alias = \"person\")]", ".shop.Shop" = ["#[doc(alias = \"a\")]", "#[doc(alias = \"b\")]"] }

[breaking]
against = "old"
use = ["WIRE", "RUST"]
except = "FIELD_SAME_TYPE"
ignore = ["RUST=.shop"]
"##;

fn project() -> Project {
    Project::with(&[
        ("rgrpc.toml", FILE),
        ("proto/user.proto", USER),
        ("proto/shop.proto", SHOP),
        ("old/user.proto", USER),
        ("old/shop.proto", SHOP),
        ("set.binpb", ""),
        ("deeper/down/keep", ""),
    ])
}

#[test]
fn every_command_uses_the_settings_of_the_file() {
    let project = project();
    let run = project.run("generate");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", "wrote 3 files\n"));
    let (user, shop) = (project.read("src/pb/user.rs"), project.read("src/pb/shop.rs"));
    assert!(
        user.contains("#[doc(alias = \"person\")]") && user.contains("users_client") && !user.contains("users_server")
    );
    assert!(shop.contains("::bytes::Bytes") && shop.contains("#[doc(alias = \"b\")]"));
    let run = project.run("check");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
    let run = project.run("breaking");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));

    project.edit("proto/shop.proto", "bytes logo", "bytes sign");
    let run = project.run("check");
    assert!(run.code == 1 && run.stdout.ends_with(" generate\n"), "{}", run.stdout);
    assert_eq!(project.run("breaking").code, 0, "the change is ignored");
    project.edit("proto/user.proto", "string name = 1", "int32 name = 1");
    assert!(project.run("breaking").stdout.ends_with("breaking changes since old\n"));
}

/// Runs the program in a folder of the project, and returns its exit status and its standard error.
fn from(project: &Project, folder: &str, arguments: &str) -> (i32, String) {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_protoc-gen-rgrpc"));
    let output = command.args(arguments.split(' ')).current_dir(project.path(folder)).output().unwrap();
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

#[test]
fn it_is_found_in_parent_folders_and_its_paths_are_relative_to_its_folder() {
    let project = project();
    assert_eq!(from(&project, "deeper/down", "generate"), (0, "wrote 3 files\n".to_owned()));
    assert_eq!(from(&project, "deeper", "check"), (0, String::new()));
    assert_eq!(from(&project, "proto", "breaking"), (0, String::new()));
    assert_eq!(from(&project, "old", "check --project ../rgrpc.toml"), (0, String::new()));
    assert_eq!(project.names("src/pb"), [".mod.rs.rgrpc", "mod.rs", "shop.rs", "user.rs"]);
}

#[test]
fn its_folder_is_the_include_folder_of_listed_files() {
    for (inputs, written) in [
        ("[\"user.proto\", \"shop.proto\"]", "wrote 3 files\n"),
        ("\"user.proto\"", "wrote 2 files\n"),
        ("[\"proto\", \"user.proto\", \"shop.proto\"]", "wrote 4 files\n"),
        ("[\"set.binpb\", \"user.proto\"]", "wrote 2 files\n"),
        ("[\"shop.proto\", \"set.binpb\", \"user.proto\"]", "wrote 3 files\n"),
        ("\"set.binpb\"", "wrote 3 files\n"),
    ] {
        for (folder, arguments) in [
            ("sub", "generate"),
            ("sub/deeper/down", "generate"),
            ("sub/deeper", "generate --project ../rgrpc.toml"),
            ("", "generate --project sub/rgrpc.toml"),
        ] {
            let project = Project::with(&[
                ("sub/rgrpc.toml", &format!("inputs = {inputs}\nout = \"pb\"\n")),
                ("sub/user.proto", USER),
                ("sub/shop.proto", SHOP),
                ("sub/proto/other.proto", "syntax = \"proto3\";\npackage other;\nmessage Other {}\n"),
                ("sub/deeper/down/keep", ""),
            ]);
            let set = project.run("descriptors --include-imports -I sub -o sub/set.binpb shop.proto");
            assert_eq!((set.code, &*set.stderr), (0, ""));
            assert_eq!(from(&project, folder, arguments), (0, written.to_owned()), "{inputs}, {folder}: {arguments}");
        }
    }
}

#[test]
fn a_descriptor_set_on_the_command_line_replaces_the_inputs() {
    for inputs in
        ["[\"user.proto\"]", "[\"proto\"]", "[\"user.proto\"]\nincludes = [\".\"]", "\"set.binpb\"\nincludes = [\".\"]"]
    {
        let options = "[options]\nbuild_server = false\n";
        let project = Project::with(&[
            ("rgrpc.toml", &format!("inputs = {inputs}\nout = \"pb\"\n{options}")),
            ("user.proto", USER),
            ("proto/user.proto", USER),
            ("deeper/keep", ""),
        ]);
        assert_eq!(project.run("descriptors -o set.binpb user.proto").code, 0);
        for (folder, arguments) in [
            ("", "generate --project rgrpc.toml set.binpb"),
            ("deeper", "check --project ../rgrpc.toml ../set.binpb"),
            ("deeper", "check --project ../rgrpc.toml -I .. ../set.binpb"),
            ("deeper", "check"),
        ] {
            let (code, _) = from(&project, folder, arguments);
            assert_eq!(code, 0, "{inputs}: {arguments}");
        }
        let user = project.read("pb/user.rs");
        assert!(user.contains("users_client") && !user.contains("users_server"), "{inputs}");
        let run = project.run("generate -I deepr --out out set.binpb");
        let expected =
            "protoc-gen-rgrpc: 1 error\ninclude folder `deepr` does not exist\n  help: did you mean `deeper`?\n";
        assert_eq!((run.code, &*run.stderr), (2, expected), "{inputs}");
    }
}

#[test]
fn the_command_line_overrides_the_file() {
    let project = project();
    let run = project.run("generate --out other --opt enable_type_names -v");
    assert_eq!(run.code, 0, "{}", run.stderr);
    assert!(project.read("other/user.rs").contains("::rgrpc::prost::Name for User"));
    let run = project.run("generate --project rgrpc.toml --out one user.proto");
    assert!(run.code == 2 && run.stderr.contains("bytes `.shop` matches no field"), "{}", run.stderr);
    // All values of an option are replaced; other options keep theirs.
    let run = project.run(
        "generate --out other --opt build_server=true --opt bytes=Shop.logo --opt type_attribute=.=#[doc(alias=\"c\")]",
    );
    assert_eq!((run.code, &*run.stderr), (0, "wrote 3 files\n"));
    let (user, shop) = (project.read("other/user.rs"), project.read("other/shop.rs"));
    assert!(user.contains("users_server") && shop.contains("::bytes::Bytes"), "{shop}");
    assert!(shop.contains("alias = \"c\"") || shop.contains("alias=\"c\""), "{shop}");
    assert!(!shop.contains("\"b\"") && !user.contains("person"), "{shop}");
    // An empty value stands for the default, and other values may follow it.
    for (options, bytes) in [
        (["--opt", "bytes=", "--opt", " build_server ="], false),
        (["--opt", "bytes=", "--opt", " bytes=Shop.logo"], true),
    ] {
        let run = project.run_words(&[&["generate", "--out", "empty"][..], &options[..]].concat());
        assert_eq!(run.code, 0, "{}", run.stderr);
        assert_eq!(project.read("empty/shop.rs").contains("::bytes::Bytes"), bytes, "{options:?}");
    }
    for (option, message) in [("sever=", "unknown option `sever`"), ("bytes", "option `bytes` has no value")] {
        let run = project.run(&format!("generate --opt {option}"));
        assert!(run.code == 2 && run.stderr.contains(message), "{}", run.stderr);
    }
    let run = project.run("generate --opt build_server=true --opt build_server=false");
    assert!(run.code == 2 && run.stderr.contains("option `build_server` is given twice"), "{}", run.stderr);
    // If the command line lists files, the file is not read.
    let run = project.run("generate --out plain -I proto user.proto");
    assert_eq!((run.code, &*run.stderr), (0, "wrote 2 files\n"));
    assert!(project.read("plain/user.rs").contains("users_server"));
    let run = project.run("breaking --against proto --use FILE");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
}

#[test]
fn all_errors_in_it_are_reported_with_their_positions() {
    for (text, expected) in [
        ("input = [\"proto\"]\n", "1 error\nrgrpc.toml:1:1: unknown key `input`\n  help: did you mean `inputs`?\n"),
        (
            "inputs = [\"proto\"]\nfoo = 1\n\n[breaking]\n  aganst = \"x\"\n",
            "2 errors\nrgrpc.toml:2:1: unknown key `foo`\n  help: the known keys are inputs, includes, out, prune, options, breaking\n\
             rgrpc.toml:5:3: unknown key `aganst`\n  help: did you mean `against`?\n",
        ),
        (
            "[options]\nbuild_cleint = false\nbuild_server = \"no\"\nout = \"x\"\n",
            "3 errors\nrgrpc.toml:2:1: unknown option `build_cleint`\n  help: did you mean `build_client`?\n\
             rgrpc.toml:3:16: invalid option `build_server=no`: expected `true` or `false`\n  help: write build_server=<bool>\n\
             rgrpc.toml:4:1: `out` is not an option of the generator\n  help: set the output folder with ",
        ),
        ("inputs = 3\n", "1 error\nrgrpc.toml:1:10: expected string, found integer\n"),
        ("prune = \"yes\"\n", "1 error\nrgrpc.toml:1:9: expected boolean, found string\n"),
        ("options = []\n", "1 error\nrgrpc.toml:1:11: expected table, found array\n"),
        (
            "[options]\nbuild_server = 1\n",
            "1 error\nrgrpc.toml:2:16: expected boolean, string, or array or table of strings, found integer\n",
        ),
        ("inputs = [\n", "1 error\nrgrpc.toml:"),
        (
            "inputs = [\"proto\"]\nout = \"src\\proto\"\n",
            "1 error\nrgrpc.toml:2:12: missing escaped value, expected `b`, `e`, `f`, `n`, `r`, `\\`, `\"`, `x`, `u`, `U`\n  \
             help: write `/` in paths, on Windows too, or use single quotes\n",
        ),
        (
            "inputs = [\"proto\", \"set.binpb\"]\nout = \"a\"\n",
            "1 error\n`proto` is a folder, and cannot be combined with the descriptor set `set.binpb`\n  help: name one of the two, ",
        ),
        ("out = \"a\"\nout = \"b\"\n", "1 error\nrgrpc.toml:2:1: "),
        ("out = \"a\"\n", "1 error\nno files to generate\n"),
        ("inputs = [\"gone\"]\nout = \"a\"\n", "1 error\n`gone` does not exist\n"),
    ] {
        let project = project();
        project.write("rgrpc.toml", text);
        let run = project.run("generate");
        assert_eq!((run.code, &*run.stdout), (2, ""), "{text}");
        let expected = format!("protoc-gen-rgrpc: {expected}");
        assert!(run.stderr.starts_with(&expected), "{}\nshould start with\n{expected}", run.stderr);
        assert_eq!(project.names("src/pb").len(), 0);
    }
    let run = project().run("generate --project rgrp.toml");
    let expected = "protoc-gen-rgrpc: 1 error\ncannot read `rgrp.toml`: ";
    assert!(run.code == 2 && run.stderr.starts_with(expected), "{}", run.stderr);
    assert!(run.stderr.ends_with("help: did you mean `rgrpc.toml`?\n"), "{}", run.stderr);
}

#[test]
fn a_build_script_reads_the_same_file() {
    let project = project();
    assert_eq!(project.run("generate").code, 0);
    let read = || rgrpc_build::Project::read(project.path("rgrpc.toml")).unwrap();
    read().check().unwrap();
    read().check_breaking().unwrap();
    assert_eq!(read().write().unwrap().to_string(), "3 files are up to date");
    let mut elsewhere = read();
    elsewhere.builder = elsewhere.builder.out_dir(project.path("elsewhere"));
    elsewhere.compile().unwrap();
    assert_eq!(project.snapshot("elsewhere"), project.snapshot("src/pb"));
}

#[test]
fn the_path_of_a_service_config_is_relative_to_it() {
    let project = project();
    project.write("config.json", "{\"methodConfig\": [{\"name\": [{}], \"timeout\": \"5s\"}]}");
    project.write("rgrpc.toml", "inputs = [\"proto\"]\nout = \"pb\"\noptions = { service_config = \"config.json\" }\n");
    assert_eq!(from(&project, "deeper", "generate").0, 0);
    assert!(project.read("pb/user.rs").contains("SERVICE_CONFIG"));
}

#[test]
fn on_the_command_line_the_path_of_a_service_config_is_relative_to_the_current_folder() {
    let project = project();
    project.write("deeper/here.json", "{\"methodConfig\": [{\"name\": [{}], \"timeout\": \"5s\"}]}");
    project.write("rgrpc.toml", "inputs = [\"proto\"]\nout = \"pb\"\n");
    let generate = "generate --opt service_config=here.json";
    assert_eq!(from(&project, "deeper", generate), (0, "wrote 3 files\n".to_owned()));
    assert!(project.read("pb/user.rs").contains("SERVICE_CONFIG"));
    let (code, stderr) = from(&project, "deeper/down", generate);
    assert!(code == 2 && stderr.contains("cannot read `here.json` of option `service_config`"), "{stderr}");
}
