//! The orders in which protoc reads files, and in which it writes their descriptors.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::file::File;

use crate::sources::Source;

/// The named files and their imports, each file before its imports.
pub(super) fn read_order(names: &[String], files: &BTreeMap<String, Source>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut ordered = Vec::new();
    let mut stack: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    while let Some(name) = stack.pop() {
        if let Some(source) = files.get(name).filter(|_| seen.insert(name)) {
            ordered.push(name.to_owned());
            stack.extend(source.parsed.file.imports.iter().rev().map(|import| &*import.path.value));
        }
    }
    ordered
}

/// The named files, each after its imports. Files that are not named are included only with `include_imports`.
pub(super) fn write_order(names: &[String], files: &BTreeMap<String, File>, include_imports: bool) -> Vec<String> {
    let listed: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    let mut ordered = Vec::new();
    for name in names {
        // Files, and for each the index of the import to visit next. Recursion could overflow the stack in a long chain of imports.
        let mut stack: Vec<(&File, usize)> = visit(name, files, &mut seen).into_iter().collect();
        while let Some((file, next)) = stack.last_mut() {
            let Some(import) = file.imports.get(*next) else {
                ordered.push(file.name.clone());
                stack.pop();
                continue;
            };
            *next += 1;
            if include_imports || listed.contains(&*import.path.value) {
                stack.extend(visit(&import.path.value, files, &mut seen));
            }
        }
    }
    ordered
}

fn visit<'a>(name: &str, files: &'a BTreeMap<String, File>, seen: &mut BTreeSet<&'a str>) -> Option<(&'a File, usize)> {
    let file = files.get(name)?;
    seen.insert(&file.name).then_some((file, 0))
}
