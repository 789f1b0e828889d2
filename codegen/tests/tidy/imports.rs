//! The imports of a file are in blocks, in this order: the standard library, other crates, this crate, and re-exports.

use std::collections::BTreeSet;

use crate::rule::{Source, hold, sources};

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Block {
    Std,
    Others,
    Own,
    ReExport,
}

#[test]
fn imports_are_in_blocks_by_where_they_come_from() {
    for broken in [
        "use std::fs;\nuse rgrpc_schema::Errors;\n",
        "use crate::Options;\n\nuse rgrpc_schema::Errors;\n",
        "use std::fs;\n\nuse std::env;\n",
        "mod lines;\n\nuse lines::Lines;\nuse quote::quote;\n",
        "pub use rgrpc_schema::Errors;\n\nuse crate::Options;\n",
        "use rgrpc_schema::Errors;\n#[cfg(test)]\nuse crate::Options;\n",
    ] {
        hold(mixed, &in_one_style(), ("codegen/src/a.rs", broken));
    }
}

#[test]
fn a_module_is_imported_from_once() {
    for broken in [
        "use crate::options::Options;\nuse crate::options::Part;\n",
        "use std::fs;\n#[cfg(test)]\nuse std::pin::Pin;\nuse std::env;\n",
    ] {
        hold(repeated, &in_one_style(), ("codegen/src/a.rs", broken));
    }
}

/// The sources of the crates that follow this style.
fn in_one_style() -> Vec<Source> {
    let crates = [
        "bench",
        "build-helper",
        "codegen",
        "examples",
        "protoc-gen-rgrpc",
        "runtime",
        "schema",
        "service-config",
        "testdata",
    ];
    crates.into_iter().flat_map(sources).filter(|source| !source.is_generated()).collect()
}

fn mixed(source: &Source) -> Option<String> {
    let blocks = blocks(&source.text);
    let kinds: Vec<BTreeSet<Block>> =
        blocks.iter().map(|block| block.iter().map(|import| import.block).collect()).collect();
    if let Some(index) = kinds.iter().position(|kinds| kinds.len() > 1) {
        return Some(format!("a block has {:?} together", kinds[index]));
    }
    let order: Vec<Block> = kinds.into_iter().flatten().collect();
    (!order.is_sorted_by(|a, b| a < b)).then(|| format!("the blocks are {order:?}"))
}

fn repeated(source: &Source) -> Option<String> {
    blocks(&source.text).into_iter().find_map(|block| {
        let mut seen = BTreeSet::new();
        block
            .into_iter()
            .filter(|import| !import.is_annotated)
            .find(|import| !seen.insert((import.visibility.clone(), import.module.clone())))
            .map(|import| format!("`{}` is imported from twice", import.module))
    })
}

struct Import {
    block: Block,
    visibility: String,
    /// The path before the imported names.
    module: String,
    /// Whether an attribute or a comment is about this import alone, so that no other can be merged with it.
    is_annotated: bool,
}

/// The blocks of imports at the top of a file.
fn blocks(text: &str) -> Vec<Vec<Import>> {
    let children: BTreeSet<&str> = text.lines().filter_map(child).collect();
    let (mut blocks, mut block) = (Vec::new(), Vec::new());
    let mut has_attribute = false;
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if line.starts_with("#[") {
            has_attribute = true;
            continue;
        }
        let Some((visibility, path)) = import(line) else {
            blocks.push(std::mem::take(&mut block));
            has_attribute = false;
            continue;
        };
        let (path, has_comment) = path.split_once(" // ").map_or((path, false), |(path, _)| (path, true));
        let is_annotated = std::mem::take(&mut has_attribute) || has_comment;
        let mut path = path.to_owned();
        while !path.ends_with(';') {
            let Some(next) = lines.next() else { break };
            path.push_str(next.trim());
        }
        let names = path.trim_end_matches(';');
        let module = names.split_once("::{").map_or_else(|| parent(names), |(module, _)| module).to_owned();
        let kind = of(visibility, &path, &children);
        block.push(Import { block: kind, visibility: visibility.to_owned(), module, is_annotated });
    }
    blocks.push(block);
    blocks.retain(|block| !block.is_empty());
    blocks
}

/// `crate::options` of `crate::options::Options`.
fn parent(path: &str) -> &str {
    path.rsplit_once("::").map_or(path, |(parent, _)| parent)
}

fn of(visibility: &str, path: &str, children: &BTreeSet<&str>) -> Block {
    match path.trim_start_matches("r#").split([':', ';', ' ', '{']).next().unwrap_or_default() {
        _ if !visibility.is_empty() => Block::ReExport,
        "std" | "core" | "alloc" => Block::Std,
        "crate" | "self" | "super" => Block::Own,
        root if children.contains(root) => Block::Own,
        _ => Block::Others,
    }
}

/// `pub(crate) ` and `a::B;` of `pub(crate) use a::B;` at the top of a file.
fn import(line: &str) -> Option<(&str, &str)> {
    let (visibility, path) = line.split_once("use ")?;
    let is_import = path.starts_with(|c: char| c.is_alphabetic() || c == ':');
    (is_import && (visibility.is_empty() || visibility.starts_with("pub"))).then_some((visibility, path))
}

/// The name of the child module that a line declares.
fn child(line: &str) -> Option<&str> {
    let (visibility, name) = line.split_once("mod ")?;
    let is_item = visibility.is_empty() || visibility.starts_with("pub");
    is_item.then(|| name.trim_end_matches([';', '{', ' ']).trim_start_matches("r#"))
}
