//! `descriptors` writes the same bytes as protoc, or fails and writes nothing.

mod common;

use std::process::Command;

use common::Project;

const OPTIONS: &str = "syntax = \"proto2\";
package opt;
import \"google/protobuf/descriptor.proto\";
extend google.protobuf.MessageOptions {
  optional string kept = 50000;
  optional string dropped = 50001 [retention = RETENTION_SOURCE];
}
";
const BASE: &str = "edition = \"2023\";
package base;
import \"opt.proto\";
// A base.
message Base {
  option (opt.kept) = \"k\";
  option (opt.dropped) = \"d\";
  int32 id = 1; // Its number.
}
";
const USER: &str =
    "syntax = \"proto3\";\npackage user;\nimport \"base.proto\";\nmessage User { base.Base base = 1; }\n";

fn project() -> Project {
    Project::with(&[("p/opt.proto", OPTIONS), ("p/base.proto", BASE), ("p/user.proto", USER)])
}

/// The descriptor set that protoc writes with these arguments.
fn protoc(project: &Project, arguments: &str) -> Vec<u8> {
    let mut protoc = Command::new(testdata::protoc());
    protoc.current_dir(project.path("")).args(["-Ip", "-oexpected.binpb"]).args(arguments.split(' '));
    assert!(protoc.status().unwrap().success(), "{arguments}");
    std::fs::read(project.path("expected.binpb")).unwrap()
}

#[test]
fn the_bytes_are_those_of_protoc() {
    for (ours, theirs) in [
        ("p/base.proto", "--include_source_info p/base.proto"),
        ("base.proto", "--include_source_info base.proto"),
        ("user.proto base.proto", "--include_source_info user.proto base.proto"),
        ("user.proto opt.proto", "--include_source_info user.proto opt.proto"),
        ("opt.proto user.proto opt.proto", "--include_source_info opt.proto user.proto opt.proto"),
        ("--retain-options base.proto", "--include_source_info --retain_options base.proto"),
        ("--retain_options base.proto", "--include_source_info --retain_options base.proto"),
        ("--exclude-source-info base.proto", "base.proto"),
        ("--include_source_info base.proto", "--include_source_info base.proto"),
        ("--include-imports --exclude-source-info user.proto", "--include_imports user.proto"),
        (
            "--include_imports --exclude-source-info --retain-options user.proto",
            "--include_imports --retain_options user.proto",
        ),
    ] {
        let project = project();
        let run = project.run(&format!("descriptors -Ip -o out/set.binpb {ours}"));
        assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""), "{ours}");
        assert!(std::fs::read(project.path("out/set.binpb")).unwrap() == protoc(&project, theirs), "{ours}");
        assert_eq!(project.names("out"), ["set.binpb"]);
    }
}

#[test]
fn a_chosen_protoc_writes_the_same() {
    let project = project();
    let arguments = ["descriptors", "-Ip", "-oset.binpb", "--retain-options", "user.proto", "base.proto"];
    let run = project.run_with(&[("PROTOC", testdata::protoc().to_str().unwrap())], &arguments);
    assert_eq!((run.code, &*run.stderr), (0, ""));
    let expected = protoc(&project, "--include_source_info --retain_options user.proto base.proto");
    assert!(std::fs::read(project.path("set.binpb")).unwrap() == expected);
}

#[test]
fn each_error_starts_with_its_position_and_nothing_is_written() {
    let project = Project::with(&[
        ("p/a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\nmessage A {\n  Nope n = 1;\n  Gone g = 2;\n}\n"),
        ("p/b.proto", "syntax = \"proto3\";\n"),
    ]);
    let run = project.run("descriptors -I p -o set.binpb a.proto");
    assert_eq!((run.code, &*run.stdout), (2, ""));
    let places: Vec<&str> = run.stderr.lines().filter(|line| !line.starts_with(' ')).collect();
    assert_eq!(places, ["p/a.proto:4:3: `Nope` is not defined", "p/a.proto:5:3: `Gone` is not defined"]);
    assert!(!project.path("set.binpb").exists());
}

#[test]
fn a_warning_starts_with_its_position() {
    let project = Project::with(&[
        ("a.proto", "syntax = \"proto3\";\nimport \"b.proto\";\n"),
        ("b.proto", "syntax = \"proto3\";\n"),
    ]);
    let run = project.run("descriptors -o set.binpb a.proto");
    assert_eq!(run.code, 0);
    assert!(run.stderr.starts_with("a.proto:2:8: warning: import \"b.proto\" is unused"), "{}", run.stderr);
}

#[test]
fn a_file_that_is_not_a_descriptor_set_is_not_overwritten() {
    let project = project();
    project.write("set.binpb", "mine");
    project.write("todo.txt", "mine\n");
    project.write("empty.txt", "\n\0");
    for (out, expected) in [
        ("set.binpb", "`set.binpb` is not a descriptor set, so it is not overwritten\n"),
        ("p/opt.proto", "`p/opt.proto` is not a descriptor set, so it is not overwritten\n"),
        // Both are valid messages: one with an unknown field of four bytes, one with an empty file descriptor.
        ("todo.txt", "`todo.txt` is not a descriptor set, so it is not overwritten\n"),
        ("empty.txt", "`empty.txt` is not a descriptor set, so it is not overwritten\n"),
        ("p", "`p` is a folder\n"),
    ] {
        let run = project.run(&format!("descriptors -Ip -o {out} opt.proto"));
        assert_eq!(run.code, 2, "{out}");
        assert!(run.stderr.starts_with(expected), "{}", run.stderr);
    }
    assert_eq!((project.read("set.binpb").as_str(), project.read("p/opt.proto").as_str()), ("mine", OPTIONS));

    project.write("set.binpb", "");
    for _ in 0..2 {
        assert_eq!(project.run("descriptors -Ip -o set.binpb opt.proto").code, 0);
    }
    assert!(!std::fs::read(project.path("set.binpb")).unwrap().is_empty());
}

#[cfg(unix)]
#[test]
fn a_pipe_is_written_to_and_not_replaced() {
    let project = project();
    let arguments = ["descriptors", "-Ip", "-o", "/dev/stdout", "--exclude-source-info", "opt.proto"];
    let run = Command::new(env!("CARGO_BIN_EXE_protoc-gen-rgrpc"))
        .args(arguments)
        .current_dir(project.path(""))
        .env_remove("PROTOC")
        .output()
        .unwrap();
    assert!(run.stdout == protoc(&project, "opt.proto"), "{run:?}");
}
