//! The orders in which protoc meets files and writes them.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::file::File;

use crate::sources::Source;

/// The named files, each with what it imports behind it, as protoc reads them.
pub(super) fn met(names: &[String], files: &BTreeMap<String, Source>) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut met = Vec::new();
    let mut stack: Vec<&str> = names.iter().rev().map(String::as_str).collect();
    while let Some(name) = stack.pop() {
        if let Some(source) = files.get(name).filter(|_| seen.insert(name)) {
            met.push(name.to_owned());
            stack.extend(source.parsed.file.imports.iter().rev().map(|import| &*import.path.value));
        }
    }
    met
}

/// The named files, each with what it imports in front of it: all of that, or only what is named too.
pub(super) fn written(names: &[String], files: &BTreeMap<String, File>, include_imports: bool) -> Vec<String> {
    let listed: BTreeSet<&str> = names.iter().map(String::as_str).collect();
    let mut seen = BTreeSet::new();
    let mut written = Vec::new();
    for name in names {
        // A file, and the next of its imports to visit: a chain of imports may be longer than a stack.
        let mut stack: Vec<(&File, usize)> = visit(name, files, &mut seen).into_iter().collect();
        while let Some((file, next)) = stack.last_mut() {
            let Some(import) = file.imports.get(*next) else {
                written.push(file.name.clone());
                stack.pop();
                continue;
            };
            *next += 1;
            if include_imports || listed.contains(&*import.path.value) {
                stack.extend(visit(&import.path.value, files, &mut seen));
            }
        }
    }
    written
}

fn visit<'a>(name: &str, files: &'a BTreeMap<String, File>, seen: &mut BTreeSet<&'a str>) -> Option<(&'a File, usize)> {
    let file = files.get(name)?;
    seen.insert(&file.name).then_some((file, 0))
}
