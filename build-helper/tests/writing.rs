//! What is on disk after a call: complete files, untouched if equal, and nothing that another call wrote.

mod common;

use std::fs;
use std::time::{Duration, SystemTime};

use common::Folder;
use rgrpc_build::{Builder, configure};

fn message(package: &str, name: &str) -> String {
    format!("syntax = \"proto3\";\npackage {package};\nmessage {name} {{}}\n")
}

fn folder() -> Folder {
    let folder = Folder::new();
    for (file, package, name) in [("a", "a", "A"), ("b", "b", "B"), ("more", "a", "More")] {
        folder.write(&format!("p/{file}.proto"), message(package, name));
    }
    folder
}

fn compile(folder: &Folder, builder: Builder, protos: &[&str]) -> Result<(), String> {
    let result = builder.out_dir(folder.path("out")).compile_protos(protos, &[folder.path("p")]);
    result.map_err(|error| folder.hide(&error.to_string()))
}

#[test]
fn equal_files_keep_their_time_and_changed_ones_are_replaced() {
    let folder = folder();
    compile(&folder, configure(), &["a.proto", "b.proto"]).unwrap();
    let old = SystemTime::now() - Duration::from_secs(1000);
    for name in folder.names("out") {
        fs::File::options().write(true).open(folder.path("out").join(name)).unwrap().set_modified(old).unwrap();
    }
    compile(&folder, configure(), &["a.proto", "b.proto"]).unwrap();
    let modified = |name: &str| fs::metadata(folder.path("out").join(name)).unwrap().modified().unwrap();
    for name in folder.names("out") {
        assert_eq!(modified(&name), old, "{name}");
    }
}

#[test]
fn an_edited_file_is_overwritten_by_the_next_build() {
    let folder = folder();
    folder.write("out/a.rs", "// edited");
    compile(&folder, configure(), &["a.proto"]).unwrap();
    assert!(fs::read_to_string(folder.path("out/a.rs")).unwrap().contains("struct A"));
}

#[cfg(unix)]
#[test]
fn written_files_are_readable_by_others() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = folder();
    compile(&folder, configure(), &["a.proto"]).unwrap();
    folder.write("plain", "");
    let mode = |name: &str| fs::metadata(folder.path(name)).unwrap().permissions().mode();
    assert_eq!(mode("out/a.rs"), mode("plain"));
}

#[test]
fn an_error_in_one_file_writes_none() {
    let folder = folder();
    folder.write("p/bad.proto", "syntax = \"proto3\";\nmessage {}\n");
    compile(&folder, configure(), &["a.proto", "bad.proto"]).unwrap_err();
    assert!(!folder.path("out").exists());
}

#[test]
fn a_folder_that_cannot_be_written_is_named_and_no_file_is_left_behind() {
    let folder = folder();
    folder.write("out", "a file where the folder should be");
    let error = compile(&folder, configure(), &["a.proto"]).unwrap_err();
    assert!(error.starts_with("1 error\ncannot write `<folder>/out/"), "{error}");
    assert!(error.contains("help: check the folder to write to"), "{error}");

    let folder = self::folder();
    folder.write("blocked", "");
    let builder = configure().file_descriptor_set_path(folder.path("blocked/set.binpb"));
    compile(&folder, builder, &["a.proto"]).unwrap_err();
    assert_eq!(folder.names("out"), [""; 0]);
}

#[test]
fn two_calls_may_share_a_folder_if_they_share_no_file() {
    let folder = folder();
    compile(&folder, configure(), &["a.proto"]).unwrap();
    compile(&folder, configure().include_file("other.rs"), &["b.proto"]).unwrap();
    assert_eq!(folder.names("out"), [".mod.rs.rgrpc", ".other.rs.rgrpc", "a.rs", "b.rs", "mod.rs", "other.rs"]);
}

#[test]
fn a_call_that_would_overwrite_an_earlier_one_is_refused() {
    for (builder, protos, expected) in [
        (
            configure().include_file("other.rs"),
            "more.proto",
            "1 error\n`<folder>/out/a.rs` was written by an earlier call of this build, from a.proto\n  \
             help: compile all files of a package in one call, or give this call a folder with out_dir",
        ),
        (
            configure(),
            "b.proto",
            "1 error\n`<folder>/out/mod.rs` was written by an earlier call of this build, from a.proto\n  \
             help: compile all files in one call, or name the module tree of this call with include_file(\"<name>.rs\")",
        ),
    ] {
        let folder = folder();
        compile(&folder, configure(), &["a.proto"]).unwrap();
        let before = folder.files("out");
        assert_eq!(compile(&folder, builder, &[protos]).unwrap_err(), expected);
        assert_eq!(folder.files("out"), before);
    }
}
