//! The invariants of ARCHITECTURE.md and CONTRIBUTING.md, held over the sources of the workspace.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The folders of the crates that are published.
const PUBLISHED: &[&str] = &["build-helper", "codegen", "protoc-gen-rgrpc", "runtime", "schema", "service-config"];

/// The most lines a file of the product may have without a reason to be split.
const MOST_LINES: usize = 320;

#[test]
fn the_generator_is_pure() {
    for (path, text) in sources("codegen/src") {
        for impure in
            ["std::fs", "std::env", "std::process", "std::net", "std::time", "Instant::now", "SystemTime", "println!"]
        {
            assert!(!text.contains(impure), "{} names {impure}", path.display());
        }
    }
}

#[test]
fn only_the_first_phases_of_the_generator_can_refuse_input() {
    for (path, text) in sources("codegen/src/emit") {
        assert!(!text.contains("Errors") && !text.contains("Options"), "{} decides something", path.display());
    }
}

#[test]
fn only_who_may_refuse_input_names_errors() {
    const MAY: &[&str] = &["lib.rs", "plugin.rs", "options", "lower", "breaking"];
    let folder = root().join("codegen/src");
    for (path, text) in sources("codegen/src").into_iter().filter(|(_, text)| !text.starts_with("// @generated")) {
        let part = path.strip_prefix(&folder).unwrap().components().next().unwrap().as_os_str().to_string_lossy();
        let names = text.lines().any(|line| !line.trim_start().starts_with("//") && line.contains("Errors"));
        assert!(!names || MAY.contains(&&*part), "{} names Errors", path.display());
    }
}

#[test]
fn the_generator_does_not_link_the_runtime() {
    let manifest = fs::read_to_string(root().join("codegen/Cargo.toml")).unwrap();
    let names = manifest.lines().filter_map(|line| line.split(['.', ' ', '=']).next());
    assert!(!names.into_iter().any(|name| name == "rgrpc" || name.starts_with("tonic")));
}

#[test]
fn generated_code_names_nothing_but_the_runtime_and_core() {
    const KNOWN: &[&str] = &["rgrpc", "core", "std"];
    // One case is told another name of prost.
    let sources =
        sources("golden/src/cases").into_iter().filter(|(path, _)| !path.to_string_lossy().contains("prost_path"));
    for (path, text) in sources {
        let code = text.lines().filter(|line| !line.trim_start().starts_with("//") && !line.contains(": &[u8] = b"));
        for line in code {
            for after in
                line.match_indices("::").filter(|(at, _)| starts_path(line, *at)).map(|(at, _)| &line[at + 2..])
            {
                let name = after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default();
                assert!(KNOWN.contains(&name), "{}: {line}", path.display());
            }
        }
    }
}

#[test]
fn every_file_says_first_what_it_is() {
    for (path, text) in product() {
        assert!(text.starts_with("//! "), "{} does not open with a sentence", path.display());
    }
}

#[test]
fn no_sentence_of_documentation_opens_with_what() {
    for (path, text) in PUBLISHED.iter().flat_map(|krate| sources(&format!("{krate}/src"))) {
        for line in text.lines().map(str::trim_start) {
            let opens = ["//! What ", "/// What "].iter().any(|opening| line.starts_with(opening));
            assert!(!opens, "{}: name the thing, or begin with the verb: {line}", path.display());
        }
    }
}

#[test]
fn no_sentence_of_a_comment_opens_with_what() {
    const FOLDERS: [&str; 5] = ["schema", "service-config", "build-helper/src", "protoc-gen-rgrpc/src", "runtime/src"];
    for (path, text) in FOLDERS.into_iter().flat_map(sources) {
        for line in text.lines().map(str::trim_start).filter(|line| line.starts_with("//")) {
            let comment = line.trim_start_matches(['/', '!', ' ']);
            let opens = comment.starts_with("What ") || comment.contains(". What ");
            assert!(!opens, "{}: name the thing, or begin with the verb: {line}", path.display());
        }
    }
}

#[test]
fn no_file_is_too_long_to_read() {
    for (path, text) in product() {
        let lines = text.lines().count();
        let parts: Vec<_> = path.components().map(|part| part.as_os_str().to_string_lossy()).collect();
        let is_test = parts.iter().any(|part| ["tests", "tests.rs", "mutants.rs"].contains(&&**part));
        assert!(is_test || lines <= MOST_LINES, "{} has {lines} lines", path.display());
    }
}

#[test]
fn nothing_is_left_undone() {
    // Spelled in halves, so that this file does not contain them.
    let undone = [["todo", "!("], ["#[ig", "nore"], ["dbg", "!("], ["FIX", "ME"], ["unimple", "mented!("]]
        .map(|halves| halves.concat());
    for (path, text) in product() {
        for word in &undone {
            assert!(!text.contains(word), "{} contains {word}", path.display());
        }
    }
}

#[test]
fn every_dependency_has_a_reason_and_every_reason_a_dependency() {
    let page = fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let table = page.split("\n## ").find(|section| section.starts_with("Dependencies\n")).unwrap();
    let rows = table.lines().filter(|line| line.starts_with("| `"));
    let explained: BTreeSet<&str> = rows
        .flat_map(|row| {
            let cells: Vec<&str> = row.split('|').map(str::trim).collect();
            assert!(cells.len() == 5 && cells.iter().skip(1).take(3).all(|cell| !cell.is_empty()), "{row}");
            cells[1].split(", ").map(|name| name.trim_matches('`'))
        })
        .collect();
    let manifests = PUBLISHED
        .iter()
        .map(|krate| fs::read_to_string(root().join(krate).join("Cargo.toml")).unwrap())
        .collect::<Vec<_>>();
    let depended: BTreeSet<&str> =
        manifests.iter().flat_map(|text| dependencies(text)).filter(|name| !name.starts_with("rgrpc-")).collect();
    assert_eq!(
        explained, depended,
        "the table of dependencies in ARCHITECTURE.md (left) and the manifests (right) differ"
    );
}

/// The names of the dependencies that a user of the crate compiles.
fn dependencies(manifest: &str) -> impl Iterator<Item = &str> {
    let sections = manifest.split("\n[").filter_map(|section| section.split_once("]\n"));
    let of_users = sections.filter(|(name, _)| {
        let kind = name.rsplit('.').next().unwrap();
        kind == "dependencies" || kind == "build-dependencies"
    });
    let lines = of_users.flat_map(|(_, lines)| lines.lines());
    lines
        .filter_map(|line| line.split(['.', ' ', '=']).next())
        .filter(|name| name.starts_with(|c: char| c.is_alphabetic()))
}

#[test]
fn no_code_is_unsafe() {
    // Spelled in halves, so that this file does not contain them.
    let forms = ["{", "fn ", "impl ", "extern "].map(|form| format!("{}{form}", ["uns", "afe "].concat()));
    for (path, text) in product().into_iter().chain(["bench", "golden", "schema"].into_iter().flat_map(sources)) {
        for form in &forms {
            assert!(!text.contains(form), "{} contains {form}", path.display());
        }
    }
    let manifest = fs::read_to_string(root().join("Cargo.toml")).unwrap();
    assert!(manifest.contains("\nunsafe_code = \"forbid\"\n"));
    for krate in ["build-helper", "codegen", "protoc-gen-rgrpc", "runtime", "schema", "service-config", "testdata"] {
        let manifest = fs::read_to_string(root().join(krate).join("Cargo.toml")).unwrap();
        assert!(manifest.contains("\n[lints]\nworkspace = true\n"), "{krate} has lints of its own");
    }
}

#[test]
fn a_module_with_children_is_a_folder() {
    for krate in ["build-helper", "codegen", "protoc-gen-rgrpc", "runtime", "schema", "service-config", "testdata"] {
        for (path, _) in sources(&format!("{krate}/src")) {
            let folder = path.with_extension("");
            assert!(!folder.is_dir(), "{} stands beside its folder: it is {}/mod.rs", path.display(), folder.display());
        }
    }
}

/// Whether the `::` at this place has no path in front of it.
fn starts_path(line: &str, at: usize) -> bool {
    !line[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == '>')
}

/// Every source that people write.
fn product() -> Vec<(PathBuf, String)> {
    let folders =
        ["codegen", "protoc-gen-rgrpc", "build-helper", "runtime", "schema", "service-config", "testdata", "examples"];
    let written = |(path, text): &(PathBuf, String)| {
        !path.components().any(|part| part.as_os_str() == "target") && !text.starts_with("// @generated")
    };
    folders.into_iter().flat_map(sources).filter(written).collect()
}

fn sources(folder: &str) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    collect(&root().join(folder), &mut found);
    assert!(!found.is_empty(), "{folder} holds no sources");
    found
}

fn collect(folder: &Path, found: &mut Vec<(PathBuf, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            found.push((path, text));
        }
    }
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}
