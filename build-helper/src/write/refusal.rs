//! Decides whether a plan may be carried out; if not, reports every reason at once.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rgrpc_codegen::{Diagnostic, Errors};

use super::existing::{blocked, foreign};
use super::manifest::Manifest;
use super::orphans::Orphan;
use super::plan::{Comparison, Plan, Planned};
use super::registry::Registry;
use super::state::FileState;
use super::target::{Content, File, Target};
use crate::environment::Environment;

/// The largest number of files that a message lists.
const MAX_LISTED: usize = 8;

/// Checks a plan, and returns warnings if it may be carried out.
///
/// In `OUT_DIR`, any file may be replaced, so that the output of a generator that was used before is not in the way. A warning names such
/// files, because a generator that is still used would overwrite them again.
pub(super) fn check<T>(
    plan: &Plan<T>,
    orphans: &[Orphan],
    environment: &Environment,
    registry: &Registry,
) -> Result<Vec<Diagnostic>, Errors> {
    let (mut errors, mut warnings) = (Errors::default(), Vec::new());
    let (mut paths, mut shared) = (BTreeSet::new(), Vec::new());
    let Target { folder, prune, .. } = &plan.target;
    for Planned { file, state, .. } in &plan.files {
        if !paths.insert(&file.path) {
            errors.push(planned_twice(file));
        }
        let origin = registry.origin(&file.path);
        match (state, origin) {
            (FileState::UpToDate, _) => {}
            (_, Some(origin)) => errors.push(conflict(file, origin)),
            (FileState::Blocked(_), None) => errors.extend(refusal(file, state)),
            (_, None) if environment.owns(&file.path) => warnings.extend(overwritten(file, state)),
            (_, None) if environment.docs_rs => errors.push(out_of_date(file)),
            (FileState::Shared { .. }, None) if *prune => {}
            (FileState::Shared { others }, None) => shared.push((&file.path, others.as_slice())),
            (_, None) => errors.extend(refusal(file, state)),
        }
    }
    if !environment.owns(folder) && !environment.docs_rs {
        errors.extend(Manifest::of(&plan.target).refusal());
        if !prune {
            shared.extend(orphans.iter().map(|orphan| (&orphan.path, orphan.others())));
        }
    }
    errors.extend(shared_files(&shared));
    errors.finish()?;
    Ok(warnings)
}

/// Whether [`check`] refuses every plan with this file.
pub(super) fn is_refused(comparison: &Comparison<'_>, environment: &Environment) -> bool {
    let Comparison { target, file, state, .. } = comparison;
    match state {
        FileState::UpToDate => false,
        FileState::Blocked(_) => true,
        _ if environment.owns(&file.path) => false,
        _ if environment.docs_rs => true,
        FileState::Absent | FileState::Stale { .. } => false,
        FileState::Shared { .. } => !target.prune,
        FileState::Foreign | FileState::ReadOnly => true,
    }
}

/// The reason why a file must not be written; `None` if it may be.
pub(crate) fn refusal(file: &File, state: &FileState) -> Option<Diagnostic> {
    let path = file.path.display();
    match state {
        FileState::Absent | FileState::UpToDate | FileState::Stale { .. } | FileState::Shared { .. } => None,
        FileState::Foreign => Some(match file.content {
            Content::DescriptorSet => {
                let message = format!("`{path}` is not a descriptor set of these files, so it is not overwritten");
                Diagnostic::new(message).help("choose another file_descriptor_set_path, or move the file")
            }
            Content::Tree => foreign(&file.path, "another include_file, or another folder"),
            Content::Features => foreign(&file.path, "another package_features, or another folder"),
            Content::Package | Content::Links => foreign(&file.path, "another folder"),
        }),
        FileState::ReadOnly => {
            Some(Diagnostic::new(format!("`{path}` is out of date, but read-only")).help("make it writable"))
        }
        FileState::Blocked(obstacle) => Some(blocked(&file.path, obstacle)),
    }
}

/// The error about files that another run also generates, each given with its other `.proto` files. Files without any are skipped.
fn shared_files(shared: &[(&PathBuf, &[String])]) -> Option<Diagnostic> {
    let shared = shared.iter().filter(|(_, others)| !others.is_empty());
    let paths: BTreeSet<String> = shared.clone().map(|(path, _)| path.display().to_string()).collect();
    let others: BTreeSet<String> = shared.flat_map(|(_, others)| others.iter().cloned()).collect();
    let was = if paths.len() == 1 { "was" } else { "were" };
    let (paths, others) = (enumeration(paths)?, enumeration(others)?);
    let message = format!("{paths} {was} generated from {others}, which this call does not generate");
    Some(Diagnostic::new(message).help(
        "generate all files of a folder in one call; or choose another folder or include_file; \
         or let this call remove the other files: `--prune`, or `prune(true)` in a build script",
    ))
}

/// `` `a`, `b` and 3 more ``
fn enumeration(names: BTreeSet<String>) -> Option<String> {
    let more = names.len().saturating_sub(MAX_LISTED);
    let shown: Vec<String> = names.into_iter().take(MAX_LISTED).map(|name| format!("`{name}`")).collect();
    match (shown.split_last()?, more) {
        ((last, []), 0) => Some(last.clone()),
        ((last, rest), 0) => Some(format!("{} and {last}", rest.join(", "))),
        _ => Some(format!("{} and {more} more", shown.join(", "))),
    }
}

fn conflict(file: &File, origin: &str) -> Diagnostic {
    let help = match file.content {
        Content::Tree => {
            "compile all files in one call, or give the module tree of this call another name with include_file(\"<name>.rs\")"
        }
        Content::Package => "compile all files of a package in one call, or give this call its own out_dir",
        Content::Features => "give each call its own package_features",
        Content::Links => "call publish only once, where all files that other crates use are compiled",
        Content::DescriptorSet => "give each call its own file_descriptor_set_path",
    };
    let message = format!("`{}` was written by an earlier call of this build, from {origin}", file.path.display());
    Diagnostic::new(message).help(help)
}

fn planned_twice(file: &File) -> Diagnostic {
    Diagnostic::new(format!("`{}` would be both a generated file and the descriptor set", file.path.display()))
        .help("choose another file_descriptor_set_path")
}

fn out_of_date(file: &File) -> Diagnostic {
    Diagnostic::new(format!(
        "`{}` is out of date, and a build on docs.rs can only write to OUT_DIR",
        file.path.display()
    ))
    .help("commit and publish the generated file, or leave out_dir at its default")
}

/// The warning about a file in `OUT_DIR` that rgrpc did not generate.
fn overwritten(file: &File, state: &FileState) -> Option<Diagnostic> {
    let is_text = matches!(file.content, Content::Tree | Content::Package | Content::Features);
    (is_text && matches!(state, FileState::Foreign)).then(|| {
        let path = file.path.display();
        Diagnostic::new(format!("overwriting `{path}`, which rgrpc did not generate, because it is in OUT_DIR")).help(
            "if this warning comes back, another generator in the build script writes the same file: rename one of the two",
        )
    })
}
