//! Validates imports: none is missing, repeated or part of a cycle.

use std::collections::HashSet;

use super::files;
use super::symbols::Symbols;
use crate::descriptor::FileDescriptorProto;
use crate::{Diagnostic, Errors, graph};

/// Whether all imports are in the set. If not, a name that does not resolve may be declared in a missing one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Imports {
    Complete,
    Missing,
}

pub(super) fn check(symbols: &Symbols, errors: &mut Errors) -> Imports {
    let mut imports = Imports::Complete;
    let files: Vec<&FileDescriptorProto<'_>> = symbols.schema.files.iter().map(|file| &file.descriptor).collect();
    let mut edges = vec![Vec::new(); files.len()];
    for (file, edges) in files.iter().zip(&mut edges) {
        for import in &file.dependency {
            if let Some(index) = symbols.schema.file_named(import) {
                edges.push(index);
            } else {
                imports = Imports::Missing;
                let import = import.escape_debug();
                let fault = format!("the file imports `{import}`, which is not in the descriptor set");
                let error = Diagnostic::at(files::start(file), fault);
                errors.push(error.help("pass the imported file too, for example with --include_imports"));
            }
        }
        for (kind, indices) in [("public", &file.public_dependency), ("weak", &file.weak_dependency)] {
            check_indices(file, kind, indices, errors);
        }
        repetitions(file, errors);
    }
    for mut component in graph::components(&edges) {
        component.sort_unstable();
        let first = component[0];
        let fault = match &component[1..] {
            [] if !edges[first].contains(&first) => continue,
            [] => "the file imports itself".to_owned(),
            others => {
                let others: Vec<_> = others.iter().map(|&file| format!("`{}`", files[file].name())).collect();
                format!("the file imports itself through {}", others.join(", "))
            }
        };
        errors.push(Diagnostic::at(files::start(files[first]), fault));
    }
    imports
}

fn check_indices(file: &FileDescriptorProto<'_>, kind: &str, indices: &[i32], errors: &mut Errors) {
    let count = file.dependency.len();
    for &index in indices {
        if !usize::try_from(index).is_ok_and(|index| index < count) {
            let fault = format!("the index {index} of a {kind} import is out of range: the file has {count} imports");
            errors.push(Diagnostic::at(files::start(file), fault));
        }
    }
}

fn repetitions(file: &FileDescriptorProto<'_>, errors: &mut Errors) {
    let mut names = HashSet::new();
    for import in &file.dependency {
        if !names.insert(*import) {
            let fault = format!("the file imports `{}` twice", import.escape_debug());
            errors.push(Diagnostic::at(files::start(file), fault).help("remove one of the imports"));
        }
    }
}
