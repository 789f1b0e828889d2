//! A list beside the output of what was written, so that the next run can delete what it no longer writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::Header;

use super::registry::Registry;

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

    pub(super) fn text(&self, files: &[&str]) -> String {
        let head = format!("# What rgrpc wrote beside {}; it deletes what it no longer writes.\n", self.include_file);
        files.iter().fold(head, |text, name| text + name + "\n")
    }

    /// The files of earlier runs that are not among `files`, and that no other call of this build wrote.
    ///
    /// Besides the list, the module tree on disk knows them: there is no list where protoc or buf wrote the files.
    pub(super) fn orphans(&self, files: &[&str], registry: &Registry) -> Vec<PathBuf> {
        let list = fs::read_to_string(&self.path).unwrap_or_default();
        let tree = fs::read_to_string(self.path.with_file_name(&self.include_file)).unwrap_or_default();
        let mounted = if is_ours(&tree) { tree.lines().filter_map(mounted).collect() } else { Vec::new() };
        let names: BTreeSet<&str> = list.lines().chain(mounted).filter(|name| is_output(name)).collect();
        let gone = names.into_iter().filter(|name| !files.contains(name));
        let paths = gone.map(|name| self.path.with_file_name(name));
        // What does not start with a header is not ours to delete, whatever a list says.
        let ours = |path: &PathBuf| fs::read_to_string(path).is_ok_and(|text| is_ours(&text));
        paths.filter(|path| ours(path) && registry.origin(path).is_none()).collect()
    }
}

fn is_ours(text: &str) -> bool {
    Header::parse(text).is_some()
}

/// `user.v1.rs` of a line of a module tree that includes it.
fn mounted(line: &str) -> Option<&str> {
    line.trim().strip_prefix("::core::include!(\"")?.strip_suffix("\");")
}

/// Whether a line names a file in the folder itself.
fn is_output(line: &str) -> bool {
    let stem = line.strip_suffix(".rs").or_else(|| line.strip_suffix(".toml"));
    stem.is_some_and(|stem| !stem.contains(['/', '\\', ':']))
}
