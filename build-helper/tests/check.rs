//! The check of committed files as a project's own test runs it: this program, run again with and without the variable.

mod common;

use std::env;
use std::process::Command;

use common::{Folder, PROTOS};
use rgrpc_build::configure;

const FOLDER: &str = "RGRPC_TEST_FOLDER";

/// Not a test on its own: the one of a project with generated files in its source tree.
#[test]
fn project() -> Result<(), rgrpc_build::Error> {
    let Some(folder) = env::var_os(FOLDER) else { return Ok(()) };
    configure().out_dir(folder).check_protos(&["tests/protos/rules.proto"], &[PROTOS])
}

/// Whether the test of the project passed, and what it printed.
fn test(folder: &Folder, regenerate: Option<&str>) -> (bool, String) {
    let mut command = Command::new(env::current_exe().unwrap());
    command.args(["--exact", "project"]).env(FOLDER, folder.path("pb")).env_remove("RGRPC_REGENERATE");
    command.envs(regenerate.map(|value| ("RGRPC_REGENERATE", value)));
    let output = command.output().unwrap();
    (output.status.success(), folder.hide(&String::from_utf8(output.stdout).unwrap()))
}

#[test]
fn the_test_fails_with_a_diff_until_the_variable_repairs_it() {
    let folder = Folder::new();
    let repair = "\n  help: generate them again: RGRPC_REGENERATE=1 cargo test -p rgrpc-build\n";
    for value in [None, Some(""), Some("0")] {
        let (passed, printed) = test(&folder, value);
        assert!(!passed && printed.contains("2 generated files are out of date\n\n<folder>/pb/mod.rs is missing\n"));
        assert!(printed.contains(repair), "{printed}");
        assert!(!folder.path("pb").exists());
    }
    assert!(test(&folder, Some("1")).0);
    assert!(test(&folder, None).0);

    let fresh = folder.texts("pb")["rules.rs"].clone();
    folder.write("pb/rules.rs", fresh.replace("struct Rule", "struct Mine"));
    let (passed, printed) = test(&folder, None);
    assert!(!passed);
    let expected = "1 generated file is out of date\n\n\
         <folder>/pb/rules.rs is stale: it was edited or reformatted after it was generated\n\
         --- <folder>/pb/rules.rs\n+++ generated\n@@ ";
    assert!(printed.contains(expected) && printed.contains("+pub struct Rule"), "{printed}");
    assert!(test(&folder, Some("1")).0);
    assert_eq!(folder.texts("pb")["rules.rs"], fresh);
}

#[test]
fn a_folder_must_be_named() {
    let error = configure().check_protos(&["tests/protos/rules.proto"], &[PROTOS]).unwrap_err();
    let expected =
        "1 error\nthere is no folder to compare\n  help: name the one that holds the generated files with out_dir";
    assert_eq!(error.to_string(), expected);
}

#[test]
fn what_is_wrong_with_a_schema_is_said_as_a_build_says_it() {
    let folder = Folder::with(&[("p/bad.proto", "syntax = \"proto3\";\nmessage {}\n")]);
    let builder = || configure().out_dir(folder.path("pb"));
    let checked = builder().check_protos(&["bad.proto"], &[folder.path("p")]).unwrap_err();
    let compiled = builder().compile_protos(&["bad.proto"], &[folder.path("p")]).unwrap_err();
    assert_eq!(checked.to_string(), compiled.to_string());
}

#[test]
fn a_descriptor_set_is_checked_too_and_so_is_the_set_that_is_written() {
    let folder = Folder::new();
    let (set, copy) = (folder.path("set.binpb"), folder.path("copy.binpb"));
    common::descriptor_set(&set);
    let builder = || configure().out_dir(folder.path("pb")).file_descriptor_set_path(&copy);
    builder().compile_descriptor_set(&set).unwrap();
    builder().check_descriptor_set(&set).unwrap();
    folder.write("copy.binpb", b"\xff");
    let error = folder.hide(&builder().check_descriptor_set(&set).unwrap_err().to_string());
    assert!(error.contains("<folder>/copy.binpb is stale: its bytes are others\n"), "{error}");
}
