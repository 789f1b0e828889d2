//! Errors about names in; the same out, with the file that declares a name where an include folder has it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors, Position};
use rgrpc_schema::Retention;

use super::linked::linked;
use crate::proto_paths::proto_name;
use crate::{folders, located, sources};

/// Files that are looked at; with more, a guess is not worth the wait.
const MOST: usize = 2000;

/// Links once more, with all files that lie in the include folders, if an error has no way out so far.
pub(super) fn explain(errors: Errors, names: &[String], includes: &[PathBuf]) -> Errors {
    if errors.as_slice().iter().all(|error| error.help.is_some() || error.note.is_some()) {
        return errors;
    }
    let Some(others) = below(includes) else { return errors };
    let others = others.into_iter().filter(|other| !names.contains(other));
    let all: Vec<String> = names.iter().cloned().chain(others).collect();
    let sources = sources::read(&all, includes, Vec::new(), &mut |_| {});
    let Err(explained) = linked(&all, sources, Retention::Strip) else { return errors };
    let with_help = explained.into_iter().filter(|error| error.help.is_some());
    let mut explained: BTreeMap<Option<Position>, Diagnostic> =
        with_help.map(|error| (error.position.clone(), error)).collect();
    located::map(errors, |error| match error.help {
        None if error.note.is_none() => explained.remove(&error.position).unwrap_or(error),
        _ => error,
    })
}

/// The names of all files in the folders, if they are not too many.
fn below(includes: &[PathBuf]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut left = MOST;
    for include in includes {
        for path in folders::files(include).flatten() {
            left = left.checked_sub(1)?;
            names.extend(folders::is_proto(&path).then(|| name(&path, include)).flatten());
        }
    }
    names.sort();
    names.dedup();
    Some(names)
}

fn name(path: &Path, include: &Path) -> Option<String> {
    proto_name(path.strip_prefix(include).ok()?)
}
