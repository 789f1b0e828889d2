//! Schemas on which parsers differ: what rgrpc reads of them is what protoc reads, comments and positions included.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_build::{Builder, configure};

use common::{Folder, protoc};

/// The folders of a folder, sorted; each is a case, and its name the claim.
fn cases(folder: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut cases: Vec<_> = entries.filter(|path| path.is_dir() && !path.ends_with("refused")).collect();
    cases.sort();
    assert!(!cases.is_empty());
    cases
}

fn files(case: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> = fs::read_dir(case).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// A folder with the generated code, and the descriptors with source info.
fn outcome(builder: Builder, case: &Path, files: &[PathBuf]) -> Result<Folder, String> {
    let folder = Folder::new();
    let include = testdata::protoc_include();
    let builder = builder.file_descriptor_set_path(folder.path("out/set.binpb")).out_dir(folder.path("out"));
    let builder = builder.option("unsupported", "allow");
    builder.compile_protos(files, &[case, &include]).map_err(|error| error.to_string())?;
    Ok(folder)
}

#[test]
fn what_protoc_reads_is_read_alike() {
    for case in cases("tests/agreement") {
        let all = files(&case);
        // Which files are there is to change nothing.
        let alone = all.iter().map(std::slice::from_ref);
        for files in alone.chain([&all[..]]) {
            let shown = format!("{files:?}");
            let expected =
                outcome(configure().protoc(protoc()), &case, files).unwrap_or_else(|error| panic!("{error}"));
            let found = outcome(configure(), &case, files).unwrap_or_else(|error| panic!("{shown}: {error}"));
            for (name, expected) in expected.files("out") {
                let found = &found.files("out")[&name];
                assert!(*found == expected, "{shown}: {name} differs:\n{}", String::from_utf8_lossy(found));
            }
        }
    }
}

#[test]
fn what_protoc_refuses_is_refused_on_the_same_line() {
    let line = |error: &str| {
        let place = error.lines().nth(1).unwrap_or_default().split(".proto:").nth(1).unwrap_or_default();
        place.split(':').next().unwrap_or_default().to_owned()
    };
    for case in cases("tests/agreement/refused") {
        let refused = |builder| outcome(builder, &case, &files(&case)).err().unwrap_or_default();
        let (expected, found) = (refused(configure().protoc(protoc())), refused(configure()));
        assert!(!expected.is_empty() && !found.is_empty(), "{}: {expected:?} {found:?}", case.display());
        assert_eq!(line(&expected), line(&found), "{expected}\n{found}");
    }
}
