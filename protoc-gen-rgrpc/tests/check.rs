//! `check`: what it says of a folder, and how it ends.

mod common;

use common::{Project, USER};

/// A folder that is fresh, with a package that is about to go.
fn project() -> Project {
    let project = Project::with(&[("user.proto", USER), ("old.proto", "syntax = \"proto3\";\npackage old;\n")]);
    let run = project.run("generate --out pb user.proto old.proto");
    assert_eq!((run.code, &*run.stderr), (0, "wrote 3 files\n"));
    project
}

#[test]
fn a_fresh_folder_ends_with_0_and_in_silence() {
    let project = project();
    let run = project.run("check --out pb user.proto old.proto");
    assert_eq!((run.code, &*run.stdout, &*run.stderr), (0, "", ""));
}

/// A claim, arguments, what happens to the folder, and parts of the report.
type Row<'a> = (&'a str, &'a str, fn(&Project), &'a [&'a str]);

#[test]
fn each_difference_is_told_with_its_cause_and_ends_with_1() {
    let table: &[Row] = &[
        (
            "another schema",
            "user.proto old.proto",
            |project| project.write("user.proto", &USER.replace("name = 1", "nick = 1")),
            &[
                "pb/user.rs is stale: the schema changed\n--- pb/user.rs\n+++ generated\n@@ ",
                "-    pub name: ::rgrpc::prost::alloc::string::String,\n+    pub nick: ",
            ],
        ),
        (
            "other options",
            "--opt build_client=false user.proto old.proto",
            |_| (),
            &["pb/user.rs is stale: the options changed\n", "pb/old.rs is stale: the options changed\n"],
        ),
        (
            "another version",
            "user.proto old.proto",
            |project| project.edit("pb/user.rs", concat!("rgrpc ", env!("CARGO_PKG_VERSION")), "rgrpc 0.0.9"),
            &[concat!("pb/user.rs is stale: rgrpc 0.0.9 generated it, and this is ", env!("CARGO_PKG_VERSION"), "\n")],
        ),
        (
            "edited",
            "user.proto old.proto",
            |project| project.edit("pb/user.rs", "pub struct User ", "pub struct Mine "),
            &[
                "pb/user.rs is stale: it was edited or reformatted after it was generated\n",
                "-pub struct Mine {\n+pub struct User {\n",
            ],
        ),
        (
            "missing",
            "user.proto old.proto",
            |project| std::fs::remove_file(project.path("pb/user.rs")).unwrap(),
            &["pb/user.rs is missing\n\nrepair: "],
        ),
        (
            "orphaned",
            "user.proto",
            |project| std::fs::remove_file(project.path("old.proto")).unwrap(),
            &[
                "pb/mod.rs is stale: the schema changed\n",
                "pb/old.rs is orphaned: none of the given files generates it any more\n\n",
            ],
        ),
        (
            "a file of features is missing",
            "--opt package_features=features.toml user.proto old.proto",
            |_| (),
            &["pb/mod.rs is stale: the options changed\n", "\npb/features.toml is missing\n"],
        ),
        (
            "a file of features is stale",
            "--opt package_features=features.toml user.proto old.proto",
            |project| {
                project.run("generate --out pb --opt package_features=features.toml user.proto old.proto");
                project.edit("pb/features.toml", "old = []\n", "");
            },
            &["pb/features.toml is stale: it was edited or reformatted after it was generated\n", "\n+old = []\n"],
        ),
        (
            "a file of features is orphaned",
            "user.proto old.proto",
            |project| {
                project.run("generate --out pb --opt package_features=features.toml user.proto old.proto");
            },
            &["pb/features.toml is orphaned: "],
        ),
        (
            "orphaned, after protoc or buf",
            "user.proto",
            |project| std::fs::remove_file(project.path("pb/.mod.rs.rgrpc")).unwrap(),
            &["pb/old.rs is orphaned: "],
        ),
    ];
    for (claim, arguments, change, expected) in table {
        let project = project();
        change(&project);
        let before = project.snapshot("pb");
        let run = project.run(&format!("check --out pb {arguments}"));
        assert_eq!((run.code, &*run.stderr), (1, ""), "{claim}: {}", run.stdout);
        for part in *expected {
            assert!(run.stdout.contains(part), "{claim}: `{part}` is not in\n{}", run.stdout);
        }
        assert!(!run.stdout.contains('\x1b'), "{claim}: colours in a pipe");
        assert_eq!(project.snapshot("pb"), before, "{claim}: check wrote something");

        let repair = shlex::split(run.stdout.lines().last().unwrap()).unwrap();
        assert_eq!(repair[..2], ["repair:", env!("CARGO_BIN_EXE_protoc-gen-rgrpc")]);
        project.run_words(&repair[2..].iter().map(String::as_str).collect::<Vec<_>>());
        let run = project.run(&format!("check --out pb {arguments}"));
        assert_eq!((run.code, &*run.stdout), (0, ""), "{claim}: repaired by {repair:?}");
    }
}

#[test]
fn a_licence_above_the_header_is_an_edit() {
    let project = project();
    project.write("pb/user.rs", &format!("// Copyright.\n\n{}", project.read("pb/user.rs")));
    let run = project.run("check --out pb user.proto old.proto");
    let expected = "pb/user.rs is stale: it does not start as a generated file does\n";
    assert!(run.code == 1 && run.stdout.starts_with(expected), "{}", run.stdout);
    assert!(run.stdout.contains("\n-// Copyright.\n-\n // @generated by rgrpc "), "{}", run.stdout);
}

#[test]
fn files_that_are_not_ours_and_line_ends_do_not_matter() {
    let project = project();
    project.write("pb/mine.rs", "// mine");
    project.write("pb/copied.rs", &project.read("pb/user.rs"));
    let windows = project.read("pb/user.rs").replace('\n', "\r\n");
    project.write("pb/user.rs", &windows);
    let run = project.run("check --out pb user.proto old.proto");
    assert_eq!((run.code, &*run.stdout), (0, ""));
}

#[test]
fn the_command_that_repairs_is_quoted_for_a_shell() {
    let project = Project::with(&[("a b/user.proto", USER)]);
    let arguments = ["check", "-I", "a b", "--opt", "rename=.user.Users=People", "-o", "pb", "user.proto"];
    let run = project.run_words(&arguments);
    let expected = "generate -I 'a b' --out pb --opt 'rename=.user.Users=People' user.proto\n";
    assert!(run.stdout.ends_with(expected), "{}", run.stdout);
}

#[test]
fn broken_input_ends_with_2_and_is_no_difference() {
    for (arguments, expected) in [
        ("user.proto old.proto --opt cleint=false", "1 error\nunknown option `cleint`\n"),
        ("gone.proto", "1 error\n`gone.proto` does not exist\n"),
        ("gone.binpb", "1 error\n`gone.binpb` does not exist\n"),
        ("bad.proto", "1 error\nbad.proto:1:1: "),
    ] {
        let project = project();
        project.write("bad.proto", "nonsense");
        let run = project.run(&format!("check --out pb {arguments}"));
        assert_eq!((run.code, &*run.stdout), (2, ""), "{arguments}: {}", run.stderr);
        assert!(run.stderr.starts_with(&format!("protoc-gen-rgrpc: {expected}")), "{}", run.stderr);
    }
}

#[test]
fn colours_can_be_asked_for_and_forbidden() {
    let project = project();
    project.edit("pb/user.rs", "struct User", "struct Mine");
    for (variables, coloured) in
        [(&[("CLICOLOR_FORCE", "1")][..], true), (&[("CLICOLOR_FORCE", "1"), ("NO_COLOR", "1")], false), (&[], false)]
    {
        let run = project.run_with(variables, &["check", "--out", "pb", "user.proto", "old.proto"]);
        assert_eq!(run.stdout.contains("\x1b[32m+pub struct User {\x1b[0m"), coloured, "{variables:?}\n{}", run.stdout);
        assert_eq!(run.stdout.contains('\x1b'), coloured, "{variables:?}");
    }
}
