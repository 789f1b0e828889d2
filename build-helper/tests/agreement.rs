//! Schemas on which parsers tend to differ: rgrpc reads them as protoc does, including comments and positions.

mod common;

use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_build::{Builder, configure};

use common::{Folder, protoc};

/// The cases in a folder, sorted. Each is a folder, whose name is the claim.
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

/// Generates the code and the descriptors with source info into a new folder.
fn outcome(builder: Builder, case: &Path, files: &[PathBuf]) -> Result<Folder, String> {
    let folder = Folder::new();
    let include = testdata::protoc_include();
    let builder = builder.file_descriptor_set_path(folder.path("out/set.binpb")).out_dir(folder.path("out"));
    let builder = builder.option("unsupported", "allow");
    builder.compile_protos(files, &[case, &include]).map_err(|error| error.to_string())?;
    Ok(folder)
}

#[test]
fn accepted_schemas_give_the_same_output_as_with_protoc() {
    for case in cases("tests/agreement") {
        let all = files(&case);
        // The output must not depend on which files are compiled together.
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
fn schemas_that_protoc_rejects_are_rejected_on_the_same_line() {
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
