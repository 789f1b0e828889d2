//! Finds orphans: files that earlier runs generated into the folder of a plan, and the plan does not.

use std::fs;
use std::path::PathBuf;

use super::existing::header;
use super::manifest::Manifest;
use super::plan::Plan;
use super::registry::Registry;
use super::target::Run;

/// A file that is no longer generated.
#[derive(Debug)]
pub(crate) struct Orphan {
    pub(crate) path: PathBuf,
    owner: Owner,
}

/// The run that an orphan belongs to.
#[derive(Debug)]
enum Owner {
    /// This run, which now generates other files from the same `.proto` files. The orphan was not edited.
    ThisRun,
    /// No run: a `.proto` file is gone, or the orphan was edited, so that it could not be generated again.
    Nobody,
    /// Another run, which generates it from these `.proto` files.
    OtherRun(Vec<String>),
}

impl Orphan {
    /// Whether it is removed even without `prune`.
    pub(super) fn is_superseded(&self) -> bool {
        matches!(self.owner, Owner::ThisRun)
    }

    /// The `.proto` files from which another run generates it.
    pub(super) fn others(&self) -> &[String] {
        if let Owner::OtherRun(others) = &self.owner { others } else { &[] }
    }
}

/// The orphans of a plan, except files that another call of this build wrote or that belong to another module tree.
pub(super) fn of<T>(plan: &Plan<T>, registry: &Registry) -> Vec<Orphan> {
    if !plan.target.is_whole {
        return Vec::new();
    }
    let manifest = Manifest::of(&plan.target);
    let mut names = manifest.names();
    plan.removable().for_each(|name| _ = names.remove(name));
    let others = if names.is_empty() { names.clone() } else { manifest.names_of_other_trees() };
    let paths = names.into_iter().filter(|name| !others.contains(name)).map(|name| plan.target.folder.join(name));
    paths.filter(|path| registry.origin(path).is_none()).filter_map(|path| orphan(path, &plan.target.run)).collect()
}

/// The orphan at a path; `None` if no generated file is there, whatever the manifest says.
fn orphan(path: PathBuf, run: &Run) -> Option<Orphan> {
    let metadata = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
    let bytes = fs::read(&path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let header = header(&text)?;
    let others = run.others(&header, false);
    let owner = if !others.is_empty() {
        Owner::OtherRun(others)
    } else if run.generates_all_sources(&header) && header.matches(&text) && !metadata.permissions().readonly() {
        Owner::ThisRun
    } else {
        Owner::Nobody
    };
    Some(Orphan { path, owner })
}
