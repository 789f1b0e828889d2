//! Complete files in, the same files on disk out: all or none, and untouched where nothing changed.

mod atomic;
mod existing;
mod manifest;
mod orphans;
mod plan;
mod refusal;
mod registry;
mod standing;
mod target;
mod written;

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::environment::Environment;
use crate::io_error::io_error;
use crate::temporary;
use manifest::Manifest;
use refusal::is_refused;
use registry::Registry;

pub(crate) use atomic::{Complete, Folders};
pub(crate) use orphans::Orphan;
pub(crate) use plan::{Made, Plan, Planned};
pub(crate) use refusal::refusal;
pub(crate) use registry::forget;
pub(crate) use standing::Standing;
pub(crate) use target::{Content, File, Run, Target};
pub use written::Written;

/// The orphans of earlier runs beside the files of a plan.
pub(crate) fn orphans<T>(plan: &Plan<T>) -> Vec<Orphan> {
    orphans::of(plan, &Registry::lock())
}

/// The file of a plan, complete beside the place that it is to take; none where it may not be written, or need not.
pub(crate) type Pending = Option<Result<Complete, Diagnostic>>;

/// Makes the file complete, unless it need not be written, or `refused` says that none is: the first file that may not be written sets it.
pub(crate) fn complete(made: &Made<'_>, environment: &Environment, folders: &Folders, refused: &AtomicBool) -> Pending {
    if is_refused(made, environment) {
        refused.store(true, Ordering::Relaxed);
    }
    let is_wanted = !matches!(made.standing, Standing::Fresh) && !made.target.dry_run;
    let is_new = matches!(made.standing, Standing::Absent);
    (is_wanted && !refused.load(Ordering::Relaxed)).then(|| Complete::new(&made.file.path, made.bytes, is_new, folders))
}

/// Puts the files that changed in their places, then removes what earlier runs wrote and this one does not, if it may.
///
/// Everything is judged before anything takes its place.
pub(crate) fn commit(mut plan: Plan<Pending>, environment: &Environment) -> Result<(Written, Vec<Diagnostic>), Errors> {
    let mut registry = Registry::lock();
    let orphans = orphans::of(&plan, &registry);
    let warnings = refusal::judge(&plan, &orphans, environment, &registry)?;

    put(&mut plan.files)?;
    if !plan.target.dry_run {
        let origin = plan.target.run.origin();
        plan.files.iter().for_each(|planned| registry.add(&planned.file.path, &origin));
    }

    let is_fresh = |standing: &Standing| matches!(standing, Standing::Fresh);
    let paths = |wanted: &dyn Fn(&Standing) -> bool| {
        let wanted = plan.files.iter().filter(|planned| wanted(&planned.standing));
        wanted.map(|planned| planned.file.path.clone()).collect()
    };
    let mut written = Written {
        wrote: paths(&|standing| !is_fresh(standing)),
        edited: paths(&|standing| matches!(standing, Standing::Old { edited: true })),
        unchanged: paths(&is_fresh),
        dry_run: plan.target.dry_run,
        ..Written::default()
    };
    let owned = environment.owns(&plan.target.folder);
    if owned || !environment.docs_rs {
        let (gone, left): (Vec<Orphan>, Vec<Orphan>) =
            orphans.into_iter().partition(|orphan| orphan.goes() || plan.target.prune || owned);
        let paths = |orphans: Vec<Orphan>| orphans.into_iter().map(|orphan| orphan.path).collect();
        (written.removed, written.left) = (paths(gone), paths(left));
        if !plan.target.dry_run && plan.target.is_whole {
            written.removed.iter().try_for_each(|path| remove(path))?;
            list(&plan, &written.left)?;
        }
        if !plan.target.dry_run {
            let paths = plan.files.iter().map(|planned| planned.file.path.as_path());
            let folders: BTreeSet<&Path> = paths.filter_map(Path::parent).collect();
            folders.into_iter().for_each(temporary::remove_abandoned);
        }
    }
    Ok((written, warnings))
}

/// Puts complete files in their places, if all of them are; the tree comes last: what it mounts is there before it.
fn put(files: &mut [Planned<Pending>]) -> Result<(), Diagnostic> {
    let pending = files.iter_mut().filter_map(|Planned { file, kept, .. }| Some((file.content, kept.take()?)));
    let complete = pending.map(|(content, complete)| Ok((content, complete?)));
    let mut complete = complete.collect::<Result<Vec<_>, Diagnostic>>()?;
    complete.sort_by_key(|(content, _)| *content == Content::Tree);
    complete.into_iter().try_for_each(|(_, complete)| complete.put())
}

/// Another run may be faster.
fn remove(path: &Path) -> Result<(), Diagnostic> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io_error("delete", path, &error)),
        _ => Ok(()),
    }
}

/// Writes the list for the next run: the outputs of this one, and what was left.
fn list<T>(plan: &Plan<T>, left: &[PathBuf]) -> Result<(), Diagnostic> {
    let manifest = Manifest::of(&plan.target);
    let text = manifest.text(plan.removable().chain(left.iter().filter_map(|path| path.file_name()?.to_str())));
    if fs::read(manifest.path()).is_ok_and(|existing| existing == text.as_bytes()) {
        return Ok(());
    }
    replace(manifest.path(), text.as_bytes())
}

/// Writes one file, complete, in place of another.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    Complete::new(path, bytes, false, &Folders::default())?.put()
}
