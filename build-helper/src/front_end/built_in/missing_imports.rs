//! Adds help to errors about undeclared names, if a file in the include folders declares the name but is not imported.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors, Position};
use rgrpc_schema::Retention;

use super::linked::linked;
use crate::proto_paths::proto_name;
use crate::{folders, located, sources};

/// The largest number of files that are searched. With more, the search would take too long.
const MAX_FILES: usize = 2000;

/// If an error has neither help nor a note, links again with all files of the include folders, and copies the help of the resulting errors.
pub(super) fn explain(errors: Errors, names: &[String], includes: &[PathBuf]) -> Errors {
    if errors.as_slice().iter().all(|error| error.help.is_some() || error.note.is_some()) {
        return errors;
    }
    let Some(others) = names_in(includes) else { return errors };
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

/// The import names of all `.proto` files in the include folders; `None` if they contain too many files.
fn names_in(includes: &[PathBuf]) -> Option<Vec<String>> {
    let mut names = Vec::new();
    let mut left = MAX_FILES;
    for include in includes {
        let name = |path: &Path| proto_name(path.strip_prefix(include).ok()?);
        for path in folders::files(include).flatten() {
            left = left.checked_sub(1)?;
            names.extend(folders::is_proto(&path).then(|| name(&path)).flatten());
        }
    }
    names.sort();
    names.dedup();
    Some(names)
}
