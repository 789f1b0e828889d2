//! Rules of imports: no duplicates, and a warning about unused ones.

use std::collections::HashMap;

use super::super::reach::NumberSet;
use super::super::report::Report;
use super::super::world::World;
use crate::file::{File, ImportKind};

/// Reports files that are imported twice.
pub(super) fn check(file: &File, report: &mut Report<'_>) {
    let mut first = HashMap::new();
    // protoc visits `import option`s after the others.
    let (options, others): (Vec<_>, Vec<_>) = file.imports.iter().partition(|import| import.kind == ImportKind::Option);
    for import in others.into_iter().chain(options) {
        let path = &import.path;
        if let Some(&span) = first.get(&path.value) {
            let place = report.at(span);
            report.error_with(path.span, format!("\"{}\" is imported twice", path.value), |error| {
                error.note(place, "first imported here")
            });
        } else {
            first.insert(&path.value, path.span);
        }
    }
}

/// Warns of imports of which nothing is used.
pub(in super::super) fn unused(world: &World<'_>, file: u32, used: &NumberSet, report: &mut Report<'_>) {
    let importer = world.file(file);
    for (index, target) in tracked(world, file) {
        if !used.contains(target) {
            let path = &importer.imports[index].path;
            report.warning(path.span, format!("import \"{}\" is unused", path.value), |warning| {
                warning.help("remove it")
            });
        }
    }
}

/// Returns the imports of a file that are reported if nothing of them is used: protoc leaves out what passes on others.
fn tracked(world: &World<'_>, file: u32) -> Vec<(usize, u32)> {
    let passes_on = |target: u32| world.file(target).imports.iter().any(|import| import.kind == ImportKind::Public);
    let imports = world.file(file).imports.iter().zip(&world.imports[file as usize]).enumerate();
    let tracked = imports.filter_map(|(index, (import, target))| {
        let target = (*target)?;
        (import.kind != ImportKind::Public && !passes_on(target)).then_some((index, target))
    });
    tracked.collect()
}
