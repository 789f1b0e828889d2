//! The generated files in a folder that earlier runs wrote and a plan does not.

use std::fs;
use std::path::PathBuf;

use super::existing::header;
use super::manifest::Manifest;
use super::plan::Plan;
use super::registry::Registry;
use super::target::Run;

/// A generated file that is generated no more.
#[derive(Debug)]
pub(crate) struct Orphan {
    pub(crate) path: PathBuf,
    fate: Fate,
}

/// The treatment of an orphan if nobody asks to prune.
#[derive(Debug)]
enum Fate {
    /// Its sources make other files now, and no hand touched it.
    Goes,
    /// It could not be made again.
    Stays,
    /// It is another run's: these `.proto` files are still there.
    Shared(Vec<String>),
}

impl Orphan {
    /// Whether it is removed without being asked.
    pub(super) fn goes(&self) -> bool {
        matches!(self.fate, Fate::Goes)
    }

    /// The `.proto` files from which another run makes it.
    pub(super) fn others(&self) -> &[String] {
        if let Fate::Shared(others) = &self.fate { others } else { &[] }
    }
}

/// The orphans of a plan, but for those that another call of this build wrote, or that another module tree has.
pub(super) fn of<T>(plan: &Plan<T>, registry: &Registry) -> Vec<Orphan> {
    if !plan.target.is_whole {
        return Vec::new();
    }
    let manifest = Manifest::of(&plan.target);
    let mut names = manifest.names();
    plan.removable().for_each(|name| _ = names.remove(name));
    let others = if names.is_empty() { names.clone() } else { manifest.names_of_others() };
    let paths = names.into_iter().filter(|name| !others.contains(name)).map(|name| plan.target.folder.join(name));
    paths.filter(|path| registry.origin(path).is_none()).filter_map(|path| orphan(path, &plan.target.run)).collect()
}

/// `None` if the file is gone, or is not ours to remove, whatever a list says.
fn orphan(path: PathBuf, run: &Run) -> Option<Orphan> {
    let metadata = fs::symlink_metadata(&path).ok().filter(fs::Metadata::is_file)?;
    let bytes = fs::read(&path).ok()?;
    let text = String::from_utf8_lossy(&bytes);
    let header = header(&text)?;
    let others = run.others(&header, false);
    let fate = if !others.is_empty() {
        Fate::Shared(others)
    } else if run.made_all_of(&header) && header.matches(&text) && !metadata.permissions().readonly() {
        Fate::Goes
    } else {
        Fate::Stays
    };
    Some(Orphan { path, fate })
}
