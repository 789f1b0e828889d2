//! Every dependency of a published crate has a reason in ARCHITECTURE.md.

use std::collections::BTreeSet;
use std::fs;

use crate::rule::{PUBLISHED, root};

#[test]
fn the_generator_does_not_link_the_runtime() {
    let is_runtime = |manifest: &str| dependencies(manifest).any(|name| name == "rgrpc" || name.starts_with("tonic"));
    assert!(is_runtime("\n[dependencies]\nrgrpc.workspace = true\n"));
    assert!(!is_runtime(&fs::read_to_string(root().join("codegen/Cargo.toml")).unwrap()));
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

/// The dependencies that a user of the crate compiles.
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
fn the_names_of_dependencies_are_found() {
    let manifest =
        "[package]\nname = \"a\"\n\n[dependencies]\nb.workspace = true\nc = \"1\"\n\n[dev-dependencies]\nd = \"1\"\n";
    assert_eq!(dependencies(manifest).collect::<Vec<_>>(), ["b", "c"]);
}
