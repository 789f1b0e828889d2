//! Applies a rule to sources: it must reject an example that breaks it, and accept all files.

use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the crates that are published.
pub const PUBLISHED: &[&str] = &["build-helper", "codegen", "protoc-gen-rgrpc", "runtime", "schema", "service-config"];

/// A file, with its path from the root of the repository: `codegen/src/lib.rs`.
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

/// Applies a rule, which returns what is wrong with a file, to a file that breaks it, and to all sources.
pub fn hold(rule: impl Fn(&Source) -> Option<String>, sources: &[Source], (path, text): (&str, &str)) {
    let broken = Source { path: path.to_owned(), text: text.to_owned() };
    assert!(rule(&broken).is_some(), "the rule accepts this in {path}:\n{text}");
    assert!(!sources.is_empty(), "the rule applies to no file");
    let wrong = sources.iter().filter_map(|source| Some(format!("{}: {}", source.path, rule(source)?)));
    let wrong: Vec<String> = wrong.collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}

/// The hand-written Rust sources: of the product, its examples and its tests.
pub fn written() -> Vec<Source> {
    let folders = [PUBLISHED, &["bench", "examples", "golden", "testdata"]].concat();
    folders.into_iter().flat_map(sources).filter(|source| !source.is_generated()).collect()
}

/// The sources of the published crates, without their tests.
pub fn published() -> Vec<Source> {
    PUBLISHED.iter().flat_map(|krate| sources(&format!("{krate}/src"))).collect()
}

/// The other hand-written texts: schemas, scripts, manifests and configurations.
pub fn texts() -> Vec<Source> {
    const KINDS: &[&str] = &["mjs", "proto", "py", "toml", "yaml", "yml"];
    let is_script =
        |path: &Path| path.extension().is_none() && path.parent().is_some_and(|at| at == root().join(".ci"));
    let is_text = |path: &Path| KINDS.iter().any(|kind| path.extension().is_some_and(|extension| extension == *kind));
    let mut found = Vec::new();
    collect(&root(), &|path| is_text(path) || is_script(path), &mut found);
    found
}

pub fn sources(folder: &str) -> Vec<Source> {
    let mut found = Vec::new();
    collect(&root().join(folder), &|path| path.extension().is_some_and(|extension| extension == "rs"), &mut found);
    assert!(!found.is_empty(), "{folder} holds no sources");
    found
}

/// Collects the wanted files below a folder, except for those of builds, npm and git.
fn collect(folder: &Path, is_wanted: &dyn Fn(&Path) -> bool, found: &mut Vec<Source>) {
    let is_made = |name: &str| name != ".ci" && (name.starts_with('.') || ["target", "node_modules"].contains(&name));
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let path = entry.path();
        if path.is_dir() && !is_made(&entry.file_name().to_string_lossy()) {
            collect(&path, is_wanted, found);
        } else if path.is_file() && is_wanted(&path) {
            let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
            // The schema of one case is not UTF-8.
            let text = String::from_utf8_lossy(&fs::read(&path).unwrap()).into_owned();
            found.push(Source { path: name, text });
        }
    }
}

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
