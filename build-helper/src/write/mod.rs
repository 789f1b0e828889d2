//! Carries out a plan: writes all of its files or none, and leaves those alone that are up to date.

mod atomic;
mod existing;
mod manifest;
mod orphans;
mod plan;
mod refusal;
mod registry;
mod state;
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

pub(crate) use atomic::{CreatedFolders, StagedFile};
pub(crate) use orphans::Orphan;
pub(crate) use plan::{Comparison, Plan, Planned};
pub(crate) use refusal::refusal;
pub(crate) use registry::forget;
pub(crate) use state::FileState;
pub(crate) use target::{Content, File, Run, Target};
pub use written::Written;

/// The generated files of earlier runs that a plan does not generate.
pub(crate) fn orphans<T>(plan: &Plan<T>) -> Vec<Orphan> {
    orphans::of(plan, &Registry::lock())
}

/// The staged file of a plan; `None` if it must not or need not be written.
pub(crate) type Staged = Option<Result<StagedFile, Diagnostic>>;

/// Stages a file, unless it is up to date or some file of the plan is refused. The first refused file sets `refused`.
pub(crate) fn stage(
    comparison: &Comparison<'_>,
    environment: &Environment,
    folders: &CreatedFolders,
    refused: &AtomicBool,
) -> Staged {
    if is_refused(comparison, environment) {
        refused.store(true, Ordering::Relaxed);
    }
    let Comparison { target, file, bytes, state, .. } = comparison;
    let is_needed = !matches!(state, FileState::UpToDate) && !target.dry_run;
    let is_new = matches!(state, FileState::Absent);
    (is_needed && !refused.load(Ordering::Relaxed)).then(|| StagedFile::new(&file.path, bytes, is_new, folders))
}

/// Moves the staged files to their targets, then removes the orphans that may be removed.
///
/// The whole plan is checked before any file is moved.
pub(crate) fn commit(mut plan: Plan<Staged>, environment: &Environment) -> Result<(Written, Vec<Diagnostic>), Errors> {
    let mut registry = Registry::lock();
    let orphans = orphans::of(&plan, &registry);
    let warnings = refusal::check(&plan, &orphans, environment, &registry)?;

    commit_all(&mut plan.files)?;
    if !plan.target.dry_run {
        let origin = plan.target.run.origin();
        plan.files.iter().for_each(|planned| registry.add(&planned.file.path, &origin));
    }

    let is_up_to_date = |state: &FileState| matches!(state, FileState::UpToDate);
    let paths = |wanted: &dyn Fn(&FileState) -> bool| {
        let wanted = plan.files.iter().filter(|planned| wanted(&planned.state));
        wanted.map(|planned| planned.file.path.clone()).collect()
    };
    let mut written = Written {
        wrote: paths(&|state| !is_up_to_date(state)),
        edited: paths(&|state| matches!(state, FileState::Stale { edited: true })),
        unchanged: paths(&is_up_to_date),
        dry_run: plan.target.dry_run,
        ..Written::default()
    };
    let is_out_dir = environment.owns(&plan.target.folder);
    if is_out_dir || !environment.docs_rs {
        let (removed, kept): (Vec<Orphan>, Vec<Orphan>) =
            orphans.into_iter().partition(|orphan| orphan.is_superseded() || plan.target.prune || is_out_dir);
        let paths = |orphans: Vec<Orphan>| orphans.into_iter().map(|orphan| orphan.path).collect();
        (written.removed, written.orphaned) = (paths(removed), paths(kept));
        if !plan.target.dry_run && plan.target.is_whole {
            written.removed.iter().try_for_each(|path| remove(path))?;
            write_manifest(&plan, &written.orphaned)?;
        }
        if !plan.target.dry_run {
            let paths = plan.files.iter().map(|planned| planned.file.path.as_path());
            let folders: BTreeSet<&Path> = paths.filter_map(Path::parent).collect();
            folders.into_iter().for_each(temporary::remove_abandoned);
        }
    }
    Ok((written, warnings))
}

/// Commits the staged files if staging succeeded for all of them. The module tree comes last, after the files that it includes.
fn commit_all(files: &mut [Planned<Staged>]) -> Result<(), Diagnostic> {
    let staged = files.iter_mut().filter_map(|Planned { file, kept, .. }| Some((file.content, kept.take()?)));
    let staged = staged.map(|(content, staged)| Ok((content, staged?)));
    let mut staged = staged.collect::<Result<Vec<_>, Diagnostic>>()?;
    staged.sort_by_key(|(content, _)| *content == Content::Tree);
    staged.into_iter().try_for_each(|(_, staged)| staged.commit())
}

/// Removes a file, unless another run has already done so.
fn remove(path: &Path) -> Result<(), Diagnostic> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io_error("delete", path, &error)),
        _ => Ok(()),
    }
}

/// Lists the files of this run and the remaining orphans for the next run.
fn write_manifest<T>(plan: &Plan<T>, orphaned: &[PathBuf]) -> Result<(), Diagnostic> {
    let manifest = Manifest::of(&plan.target);
    let text = manifest.text(plan.removable().chain(orphaned.iter().filter_map(|path| path.file_name()?.to_str())));
    if fs::read(manifest.path()).is_ok_and(|existing| existing == text.as_bytes()) {
        return Ok(());
    }
    replace(manifest.path(), text.as_bytes())
}

/// Writes one file atomically, and replaces an existing one.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    StagedFile::new(path, bytes, false, &CreatedFolders::default())?.commit()
}
