//! A list beside the output of what was written, so that the next run knows what it no longer writes.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::plan::Plan;
use super::standing;

const MARK: &str = "# What rgrpc wrote beside ";

/// The list for one module tree.
pub(super) struct Manifest {
    include_file: String,
    /// `out/.mod.rs.rgrpc`
    path: PathBuf,
}

impl Manifest {
    pub(super) fn of(plan: &Plan) -> Self {
        let include_file = plan.include_file.clone();
        Self { path: plan.folder.join(format!(".{include_file}.rgrpc")), include_file }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn text<'a>(&self, files: impl IntoIterator<Item = &'a str>) -> String {
        let head = format!("{MARK}{}, to know what it no longer writes.\n", self.include_file);
        files.into_iter().fold(head, |text, name| text + name + "\n")
    }

    /// Whether a file of this name is there, but is no such list.
    pub(super) fn is_foreign(&self) -> bool {
        fs::read(&self.path).is_ok_and(|bytes| !bytes.starts_with(MARK.as_bytes()))
    }

    /// The files that earlier runs wrote, whether they are still there or not.
    ///
    /// Besides the list, the module tree on disk knows them: there is no list where protoc or buf wrote the files.
    pub(super) fn names(&self) -> BTreeSet<String> {
        let tree = fs::read_to_string(self.path.with_file_name(&self.include_file)).unwrap_or_default();
        let is_ours = standing::header(&tree).is_some();
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

fn list(path: &Path) -> Vec<String> {
    let text = fs::read_to_string(path).unwrap_or_default();
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
