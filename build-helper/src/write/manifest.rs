//! The manifest: a hidden file that lists the generated files, so that the next run finds those that it no longer generates.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::Diagnostic;

use super::existing::{self, blocked, foreign, header};
use super::target::Target;

/// The beginning of each manifest.
const MARK: &str = "# Files that rgrpc generated beside ";

/// The manifest of one module tree.
pub(super) struct Manifest {
    include_file: String,
    /// `out/.mod.rs.rgrpc`
    path: PathBuf,
}

impl Manifest {
    pub(super) fn of(target: &Target) -> Self {
        let include_file = target.include_file.clone();
        Self { path: target.folder.join(format!(".{include_file}.rgrpc")), include_file }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn text<'a>(&self, files: impl IntoIterator<Item = &'a str>) -> String {
        let head = format!("{MARK}{}. The next run removes those that it no longer generates.\n", self.include_file);
        files.into_iter().fold(head, |text, name| text + name + "\n")
    }

    /// The reason why the manifest cannot be written, if there is one.
    pub(super) fn refusal(&self) -> Option<Diagnostic> {
        match existing::read(&self.path) {
            Ok(None) => None,
            Ok(Some((_, bytes))) if bytes.starts_with(MARK.as_bytes()) => None,
            Ok(Some(_)) => Some(foreign(&self.path, "another folder")),
            Err(obstacle) => Some(blocked(&self.path, &obstacle)),
        }
    }

    /// The names of the files that earlier runs generated, whether or not they still exist.
    ///
    /// They come from the manifest and from the module tree on disk, because protoc and buf write no manifest.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let tree = text(&self.path.with_file_name(&self.include_file));
        let is_generated = header(&tree).is_some();
        let included = tree.lines().filter(|_| is_generated).filter_map(included);
        listed(&self.path).into_iter().chain(included.filter(|name| is_output(name)).map(str::to_owned)).collect()
    }

    /// The names of the files of other module trees in the same folder.
    pub(super) fn names_of_other_trees(&self) -> BTreeSet<String> {
        let folder = self.path.parent().map(fs::read_dir);
        let paths = folder.into_iter().flatten().flatten().flatten().map(|entry| entry.path());
        let others = paths.filter(|path| path.extension().is_some_and(|end| end == "rgrpc") && *path != self.path);
        others.flat_map(|path| listed(&path)).collect()
    }
}

/// The text of a regular file; empty for anything else.
fn text(path: &Path) -> String {
    let bytes = existing::read(path).ok().flatten().map(|(_, bytes)| bytes);
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// The names that a manifest lists.
fn listed(manifest: &Path) -> Vec<String> {
    let text = text(manifest);
    let lines = text.lines().filter(|name| text.starts_with(MARK) && is_output(name));
    lines.map(str::to_owned).collect()
}

/// The name of the file that a line of a module tree includes: `user.v1.rs`.
fn included(line: &str) -> Option<&str> {
    line.trim().strip_prefix("::core::include!(\"")?.strip_suffix("\");")
}

/// Whether a line is the name of a generated file in the same folder.
fn is_output(line: &str) -> bool {
    let stem = line.strip_suffix(".rs").or_else(|| line.strip_suffix(".toml"));
    stem.is_some_and(|stem| !stem.contains(['/', '\\', ':']))
}
