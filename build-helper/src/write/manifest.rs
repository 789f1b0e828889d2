//! A list beside the output of what was written, so that the next run knows what it no longer writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use rgrpc_codegen::Diagnostic;

use super::existing::{self, blocked, foreign, header};
use super::target::Target;

const MARK: &str = "# What rgrpc wrote beside ";

/// The list for one module tree.
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
        let head = format!("{MARK}{}, to know what it no longer writes.\n", self.include_file);
        files.into_iter().fold(head, |text, name| text + name + "\n")
    }

    /// The reason not to put a list in its place: something else is there.
    pub(super) fn refusal(&self) -> Option<Diagnostic> {
        match existing::read(&self.path) {
            Ok(None) => None,
            Ok(Some((_, bytes))) if bytes.starts_with(MARK.as_bytes()) => None,
            Ok(Some(_)) => Some(foreign(&self.path, "another folder")),
            Err(obstacle) => Some(blocked(&self.path, &obstacle)),
        }
    }

    /// The files that earlier runs wrote, whether they are still there or not.
    ///
    /// Besides the list, the module tree on disk knows them: there is no list where protoc or buf wrote the files.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let tree = text(&self.path.with_file_name(&self.include_file));
        let is_ours = header(&tree).is_some();
        let mounted = tree.lines().filter(|_| is_ours).filter_map(mounted);
        list(&self.path).into_iter().chain(mounted.filter(|name| is_output(name)).map(str::to_owned)).collect()
    }

    /// The files that other module trees of the folder have.
    pub(super) fn names_of_others(&self) -> BTreeSet<String> {
        let folder = self.path.parent().map(fs::read_dir);
        let paths = folder.into_iter().flatten().flatten().flatten().map(|entry| entry.path());
        let others = paths.filter(|path| path.extension().is_some_and(|end| end == "rgrpc") && *path != self.path);
        others.flat_map(|path| list(&path)).collect()
    }
}

/// The text of a file; a pipe in its place has none.
fn text(path: &Path) -> String {
    let bytes = existing::read(path).ok().flatten().map(|(_, bytes)| bytes);
    bytes.and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

fn list(path: &Path) -> Vec<String> {
    let text = text(path);
    let lines = text.lines().filter(|name| text.starts_with(MARK) && is_output(name));
    lines.map(str::to_owned).collect()
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
