//! A rule over sources: it refuses an example that breaks it, and then holds for all files.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the crates that are published.
pub const PUBLISHED: &[&str] = &["build-helper", "codegen", "protoc-gen-rgrpc", "runtime", "schema", "service-config"];

/// A file, by its path from the top of the repository: `codegen/src/lib.rs`.
pub struct Source {
    pub path: String,
    pub text: String,
}

impl Source {
    pub fn is_generated(&self) -> bool {
        self.text.starts_with("// @generated")
    }

    /// The lines that are not comments.
    pub fn code(&self) -> impl Iterator<Item = &str> {
        self.text.lines().filter(|line| !line.trim_start().starts_with("//"))
    }
}

/// Applies a rule, which says what is wrong with a file: to the text of a file that breaks it, and to all sources.
pub fn hold(rule: impl Fn(&Source) -> Option<String>, sources: &[Source], (path, text): (&str, &str)) {
    let broken = Source { path: path.to_owned(), text: text.to_owned() };
    assert!(rule(&broken).is_some(), "the rule allows this in {path}:\n{text}");
    assert!(!sources.is_empty(), "the rule holds for no file");
    let wrong = sources.iter().filter_map(|source| Some(format!("{}: {}", source.path, rule(source)?)));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The sources that people write: of the product, its examples and tests.
pub fn written() -> Vec<Source> {
    let folders = [PUBLISHED, &["bench", "examples", "golden", "testdata"]].concat();
    folders.into_iter().flat_map(sources).filter(|source| !source.is_generated()).collect()
}

/// The sources of the published crates, without their tests.
pub fn published() -> Vec<Source> {
    PUBLISHED.iter().flat_map(|krate| sources(&format!("{krate}/src"))).collect()
}

pub fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds no sources");
    found
}

fn collect(folder: &Path, found: &mut Vec<Source>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() && path.file_name().is_some_and(|name| name != "target") {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(Source { path: name, text: fs::read_to_string(&path).unwrap() });
        }
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
