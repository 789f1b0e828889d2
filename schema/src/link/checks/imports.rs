//! Rules of imports: no duplicates, and a warning about unused ones.

use std::collections::HashMap;

use super::super::dependencies::BitSet;
use super::super::pool::Pool;
use super::super::report::Report;
use crate::file::{File, ImportKind};

/// Reports files that are imported twice.
pub(super) fn check(file: &File, report: &mut Report<'_>) {
    let mut first = HashMap::new();
    // protoc visits `import option`s after the others.
    let (options, others): (Vec<_>, Vec<_>) = file.imports.iter().partition(|import| import.kind == ImportKind::Option);
    for import in others.into_iter().chain(options) {
        let path = &import.path;
        if let Some(&span) = first.get(&path.value) {
            let place = report.position(span);
            report.error_with(path.span, format!("\"{}\" is imported twice", path.value), |error| {
                error.note(place, "first imported here")
            });
        } else {
            first.insert(&path.value, path.span);
        }
    }
}

/// Warns about imports that nothing is used of.
pub(in super::super) fn unused(pool: &Pool<'_>, file: u32, used: &BitSet, report: &mut Report<'_>) {
    let importer = pool.file(file);
    for (index, target) in tracked(pool, file) {
        if !used.contains(target) {
            let path = &importer.imports[index].path;
            report.warning(path.span, format!("import \"{}\" is unused", path.value), |warning| {
                warning.help("remove it")
            });
        }
    }
}

/// Returns the imports of a file that count as unused if nothing is used of them: as in protoc, neither public imports nor imports of files
/// that have public imports.
fn tracked(pool: &Pool<'_>, file: u32) -> Vec<(usize, u32)> {
    let is_forwarding = |target: u32| pool.file(target).imports.iter().any(|import| import.kind == ImportKind::Public);
    let imports = pool.file(file).imports.iter().zip(&pool.imports[file as usize]).enumerate();
    let tracked = imports.filter_map(|(index, (import, target))| {
        let target = (*target)?;
        (import.kind != ImportKind::Public && !is_forwarding(target)).then_some((index, target))
    });
    tracked.collect()
}
