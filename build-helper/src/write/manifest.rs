//! A list beside the output of what was written, so that the next run can delete what it no longer writes.

use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Header};

use super::registry::Registry;
use crate::error::cannot;

/// The list for one module tree.
pub(super) struct Manifest {
    include_file: String,
    /// `out/.mod.rs.rgrpc`
    path: PathBuf,
}

impl Manifest {
    pub(super) fn new(folder: &Path, include_file: &str) -> Self {
        Self { include_file: include_file.to_owned(), path: folder.join(format!(".{include_file}.rgrpc")) }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn text(&self, packages: &[&str]) -> String {
        let head = format!("# What rgrpc wrote beside {}; it deletes what it no longer writes.\n", self.include_file);
        packages.iter().fold(head, |text, name| text + name + "\n")
    }

    /// Deletes the listed files that are neither among `packages` nor written by another call of this build.
    pub(super) fn delete_stale(&self, packages: &[&str], registry: &Registry) -> Result<(), Diagnostic> {
        let text = fs::read_to_string(&self.path).unwrap_or_default();
        for name in text.lines().filter(|line| is_output(line) && !packages.contains(line)) {
            let path = self.path.with_file_name(name);
            // A file without the header is not ours to delete, whatever a list says.
            let ours = fs::read_to_string(&path).is_ok_and(|text| Header::parse(&text).is_some());
            if ours && registry.origin(&path).is_none() {
                fs::remove_file(&path).map_err(|error| cannot("delete", &path, &error))?;
            }
        }
        Ok(())
    }
}

/// Whether a line names a file in the folder itself.
fn is_output(line: &str) -> bool {
    line.strip_suffix(".rs").is_some_and(|stem| !stem.contains(['/', '\\', ':']))
}
