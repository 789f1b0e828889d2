//! Complete files in, the same files on disk out: all or none, and untouched where nothing changed.

mod atomic;
mod manifest;
mod orphans;
mod plan;
mod refusal;
mod registry;
mod standing;
mod written;

use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors};

use crate::environment::Environment;
use crate::io_error::io_error;
use atomic::Write;
use manifest::Manifest;
pub(crate) use orphans::Orphan;
pub(crate) use plan::{Content, File, Plan, Run};
pub(crate) use refusal::refusal;
use registry::Registry;
pub(crate) use registry::forget;
pub(crate) use standing::Standing;
pub use written::Written;

/// The file in the place of each planned one, and orphans of earlier runs beside them.
pub(crate) struct Found<'a> {
    pub(crate) files: Vec<(&'a File, Standing)>,
    pub(crate) orphans: Vec<Orphan>,
}

/// Reads all that a plan has to do with, and changes nothing.
pub(crate) fn find(plan: &Plan) -> Found<'_> {
    found(plan, &Registry::lock())
}

fn found<'a>(plan: &'a Plan, registry: &Registry) -> Found<'a> {
    let files = plan.files.iter().map(|file| (file, Standing::of(file, plan))).collect();
    Found { files, orphans: orphans::of(plan, registry) }
}

/// Writes the files that changed, then removes what earlier runs wrote and this one does not, if it may.
///
/// Everything is judged before anything is written.
pub(crate) fn commit(plan: &Plan, environment: &Environment) -> Result<(Written, Vec<Diagnostic>), Errors> {
    let mut registry = Registry::lock();
    let Found { files, orphans } = found(plan, &registry);
    let warnings = refusal::judge(plan, &files, &orphans, environment, &registry)?;

    let is_fresh = |standing: &Standing| matches!(standing, Standing::Fresh);
    let mut stale: Vec<_> = files.iter().filter(|(_, standing)| !is_fresh(standing)).collect();
    // The tree comes last: what it mounts is there before it.
    stale.sort_by_key(|(file, _)| file.content == Content::Tree);
    if !plan.dry_run {
        atomic::write_all(stale.iter().map(|(file, standing)| Write {
            path: &file.path,
            bytes: &file.bytes,
            is_new: matches!(standing, Standing::Absent),
        }))?;
        for file in &plan.files {
            registry.add(&file.path, &plan.run.origin());
        }
    }

    let paths = |wanted: &dyn Fn(&Standing) -> bool| {
        files.iter().filter(|(_, standing)| wanted(standing)).map(|(file, _)| file.path.clone()).collect()
    };
    let mut written = Written {
        wrote: paths(&|standing| !is_fresh(standing)),
        edited: paths(&|standing| matches!(standing, Standing::Old { edited: true, .. })),
        unchanged: paths(&is_fresh),
        dry_run: plan.dry_run,
        ..Written::default()
    };
    let owned = environment.owns(&plan.folder);
    if owned || !environment.docs_rs {
        let (gone, left): (Vec<Orphan>, Vec<Orphan>) =
            orphans.into_iter().partition(|orphan| orphan.goes() || plan.prune || owned);
        let paths = |orphans: Vec<Orphan>| orphans.into_iter().map(|orphan| orphan.path).collect();
        (written.removed, written.left) = (paths(gone), paths(left));
        if !plan.dry_run && plan.is_whole {
            written.removed.iter().try_for_each(|path| remove(path))?;
            list(plan, &written.left)?;
        }
    }
    Ok((written, warnings))
}

/// Another run may be faster.
fn remove(path: &Path) -> Result<(), Diagnostic> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => Err(io_error("delete", path, &error)),
        _ => Ok(()),
    }
}

/// Writes the list for the next run: the outputs of this one, and what was left.
fn list(plan: &Plan, left: &[PathBuf]) -> Result<(), Diagnostic> {
    let manifest = Manifest::of(plan);
    let text = manifest.text(plan.passing().chain(left.iter().filter_map(|path| path.file_name()?.to_str())));
    if fs::read(manifest.path()).is_ok_and(|existing| existing == text.as_bytes()) {
        return Ok(());
    }
    atomic::write_all([Write { path: manifest.path(), bytes: text.as_bytes(), is_new: false }])
}

/// Writes one file, complete, in place of another.
pub(crate) fn replace(path: &Path, bytes: &[u8]) -> Result<(), Diagnostic> {
    atomic::write_all([Write { path, bytes, is_new: false }])
}
