//! Diagnostics that name a file as imports do in; the same with the path that it has on disk out.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rgrpc_codegen::{Diagnostic, Errors, Position};

/// Where the files are that were read, by the names under which they are imported.
#[derive(Debug, Clone, Default)]
pub(crate) struct Paths(pub(crate) BTreeMap<String, PathBuf>);

impl Paths {
    pub(crate) fn errors(&self, errors: Errors) -> Errors {
        map(errors, |error| self.diagnostic(error))
    }

    pub(crate) fn diagnostics(&self, diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
        diagnostics.into_iter().map(|diagnostic| self.diagnostic(diagnostic)).collect()
    }

    fn diagnostic(&self, diagnostic: Diagnostic) -> Diagnostic {
        with_files(diagnostic, |name| self.0.get(&name).map_or(name, |path| path.display().to_string()))
    }
}

/// The same diagnostic, with each file that it names replaced.
pub(crate) fn with_files(mut diagnostic: Diagnostic, file: impl Fn(String) -> String) -> Diagnostic {
    let rename = |position: Position| Position::new(file(position.file), position.line_column);
    diagnostic.position = diagnostic.position.map(rename);
    if let Some(note) = diagnostic.note.as_deref_mut() {
        note.position = rename(note.position.clone());
    }
    diagnostic
}

/// Errors made of each error, in the same order.
pub(crate) fn map(errors: Errors, f: impl FnMut(Diagnostic) -> Diagnostic) -> Errors {
    let mut mapped = Errors::default();
    mapped.extend(errors.into_iter().map(f));
    mapped
}
