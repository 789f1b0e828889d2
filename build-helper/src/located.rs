//! Replaces import names in diagnostics by the paths of the files on disk.

use std::collections::BTreeMap;
use std::path::PathBuf;

use rgrpc_codegen::{Diagnostic, Errors, Position};

/// The paths of the files that were read, by import name.
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

/// Replaces the file of each position in a diagnostic.
pub(crate) fn with_files(mut diagnostic: Diagnostic, file: impl Fn(String) -> String) -> Diagnostic {
    let rename = |position: Position| Position::new(file(position.file), position.line_column);
    diagnostic.position = diagnostic.position.map(rename);
    if let Some(note) = diagnostic.note.as_deref_mut() {
        note.position = rename(note.position.clone());
    }
    diagnostic
}

/// Applies a function to each error.
pub(crate) fn map(errors: Errors, f: impl FnMut(Diagnostic) -> Diagnostic) -> Errors {
    let mut mapped = Errors::default();
    mapped.extend(errors.into_iter().map(f));
    mapped
}
