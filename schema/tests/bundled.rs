//! The bundled files are those of the pinned protoc; `BLESS=1` updates them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rgrpc_schema::bundled;

/// Returns the names of the files in a folder of protoc's include folder, sorted.
fn names(root: &Path, folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| {
        let name = || path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
        if path.is_dir() { names(root, &path) } else { vec![name()] }
    });
    let mut found: Vec<String> = found.collect();
    found.sort();
    found
}

/// Returns the descriptor that protoc compiles a file to, the only one of its descriptor set.
fn compiled(name: &str, set: &Path) -> Vec<u8> {
    let mut protoc = Command::new(testdata::protoc());
    protoc.arg("-I").arg(testdata::protoc_include()).args(["--retain_options", name, "-o"]).arg(set);
    assert!(protoc.status().unwrap().success(), "{name}");
    let set = fs::read(set).unwrap();
    // Skips the tag of field 1 and the length of the file.
    let length = 1 + set[1..].iter().position(|byte| byte & 0x80 == 0).unwrap() + 1;
    set[length..].to_vec()
}

#[test]
fn the_bundled_files_are_those_of_the_pinned_protoc() {
    let version = Command::new(testdata::protoc()).arg("--version").output().unwrap().stdout;
    assert_eq!(String::from_utf8(version).unwrap().trim(), format!("libprotoc {}", bundled::PROTOC));

    let include = testdata::protoc_include();
    let names = names(&include, &include);
    let set = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bundled.binpb");
    let mut stale = Vec::new();
    for name in &names {
        let expected = compiled(name, &set);
        if bundled::descriptor(name) == Some(&*expected) {
            continue;
        }
        stale.push(name);
        if std::env::var_os("BLESS").is_some() {
            let short = name.strip_prefix("google/protobuf/").unwrap();
            let folder = PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/src/bundled"));
            fs::write(folder.join(short).with_extension("binpb"), expected).unwrap();
        }
    }
    assert!(
        stale.is_empty(),
        "not as protoc compiles them: {stale:?}; BLESS=1 updates those that bundled/mod.rs lists"
    );
    assert_eq!(bundled::names().collect::<Vec<_>>(), names);
}
