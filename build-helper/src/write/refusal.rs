//! The file in the place of each planned one in; reasons to write nothing, and remedies, out: all reasons at once.

use std::collections::BTreeSet;
use std::path::PathBuf;

use rgrpc_codegen::{Diagnostic, Errors};

use super::existing::{blocked, foreign};
use super::manifest::Manifest;
use super::orphans::Orphan;
use super::plan::{Made, Plan, Planned};
use super::registry::Registry;
use super::standing::Standing;
use super::target::{Content, File, Target};
use crate::environment::Environment;

/// How many files a message lists.
const SHOWN: usize = 8;

/// The warnings of a plan that may be carried out.
///
/// Below `OUT_DIR`, which is cargo's, everything may be replaced, so that a generator that was there before is in nobody's
/// way; a warning names the file, because a generator beside this one would be.
pub(super) fn judge<T>(
    plan: &Plan<T>,
    orphans: &[Orphan],
    environment: &Environment,
    registry: &Registry,
) -> Result<Vec<Diagnostic>, Errors> {
    let (mut errors, mut warnings) = (Errors::default(), Vec::new());
    let (mut paths, mut shared) = (BTreeSet::new(), Vec::new());
    let Target { folder, prune, .. } = &plan.target;
    for Planned { file, standing, .. } in &plan.files {
        if !paths.insert(&file.path) {
            errors.push(twice(file));
        }
        let origin = registry.origin(&file.path);
        match (standing, origin) {
            (Standing::Fresh, _) => {}
            (_, Some(origin)) => errors.push(conflict(file, origin)),
            (Standing::Blocked(_), None) => errors.extend(refusal(file, standing)),
            (_, None) if environment.owns(&file.path) => warnings.extend(replaced(file, standing)),
            (_, None) if environment.docs_rs => errors.push(out_of_date(file)),
            (Standing::Shared { .. }, None) if *prune => {}
            (Standing::Shared { others }, None) => shared.push((&file.path, others.as_slice())),
            (_, None) => errors.extend(refusal(file, standing)),
        }
    }
    if !environment.owns(folder) && !environment.docs_rs {
        errors.extend(Manifest::of(&plan.target).refusal());
        if !prune {
            shared.extend(orphans.iter().map(|orphan| (&orphan.path, orphan.others())));
        }
    }
    errors.extend(from_others(&shared));
    errors.finish()?;
    Ok(warnings)
}

/// Whether [`judge`] refuses every plan that has this file.
pub(super) fn is_refused(made: &Made<'_>, environment: &Environment) -> bool {
    match made.standing {
        Standing::Fresh => false,
        Standing::Blocked(_) => true,
        _ if environment.owns(&made.file.path) => false,
        _ if environment.docs_rs => true,
        Standing::Absent | Standing::Old { .. } => false,
        Standing::Shared { .. } => !made.target.prune,
        Standing::Foreign | Standing::ReadOnly => true,
    }
}

/// Why a file is not written, or `None` if it may be.
pub(crate) fn refusal(file: &File, standing: &Standing) -> Option<Diagnostic> {
    let path = file.path.display();
    match standing {
        Standing::Absent | Standing::Fresh | Standing::Old { .. } | Standing::Shared { .. } => None,
        Standing::Foreign => Some(match file.content {
            Content::DescriptorSet => {
                let message =
                    format!("`{path}` does not hold the descriptors of these files, so it is not overwritten");
                Diagnostic::new(message).help("choose another file_descriptor_set_path, or move the file")
            }
            Content::Tree => foreign(&file.path, "another include_file, or another folder"),
            Content::Features => foreign(&file.path, "another package_features, or another folder"),
            Content::Package | Content::Links => foreign(&file.path, "another folder"),
        }),
        Standing::ReadOnly => {
            Some(Diagnostic::new(format!("`{path}` is out of date, but read-only")).help("make it writable"))
        }
        Standing::Blocked(obstacle) => Some(blocked(&file.path, obstacle)),
    }
}

/// The generated files that other `.proto` files made, each with those; an orphan has none if it is nobody else's.
fn from_others(shared: &[(&PathBuf, &[String])]) -> Option<Diagnostic> {
    let shared = shared.iter().filter(|(_, others)| !others.is_empty());
    let paths: BTreeSet<String> = shared.clone().map(|(path, _)| path.display().to_string()).collect();
    let others: BTreeSet<String> = shared.flat_map(|(_, others)| others.iter().cloned()).collect();
    let was = if paths.len() == 1 { "was" } else { "were" };
    let (paths, others) = (listed(paths)?, listed(others)?);
    let message = format!("{paths} {was} generated from {others}, which this call does not generate");
    Some(Diagnostic::new(message).help(
        "generate all files of a folder in one call; or choose another folder, or another include_file; \
         or remove what this call does not generate: `--prune`, `prune(true)` in a build script",
    ))
}

/// `` `a`, `b` and 3 more ``
fn listed(names: BTreeSet<String>) -> Option<String> {
    let more = names.len().saturating_sub(SHOWN);
    let shown: Vec<String> = names.into_iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match (shown.split_last()?, more) {
        ((last, []), 0) => Some(last.clone()),
        ((last, rest), 0) => Some(format!("{} and {last}", rest.join(", "))),
        _ => Some(format!("{} and {more} more", shown.join(", "))),
    }
}

fn conflict(file: &File, origin: &str) -> Diagnostic {
    let help = match file.content {
        Content::Tree => {
            "compile all files in one call, or name the module tree of this call with include_file(\"<name>.rs\")"
        }
        Content::Package => "compile all files of a package in one call, or give this call a folder with out_dir",
        Content::Features => "give each call its own package_features",
        Content::Links => "publish in one call that compiles all files which other crates use",
        Content::DescriptorSet => "give each call its own file_descriptor_set_path",
    };
    let message = format!("`{}` was written by an earlier call of this build, from {origin}", file.path.display());
    Diagnostic::new(message).help(help)
}

fn twice(file: &File) -> Diagnostic {
    Diagnostic::new(format!("`{}` would be both a generated file and the descriptor set", file.path.display()))
        .help("choose another file_descriptor_set_path")
}

fn out_of_date(file: &File) -> Diagnostic {
    Diagnostic::new(format!("`{}` is out of date, and docs.rs can write to OUT_DIR only", file.path.display()))
        .help("commit and publish the generated file, or leave out_dir at its default")
}

/// A file without a header that a header takes the place of.
fn replaced(file: &File, standing: &Standing) -> Option<Diagnostic> {
    let is_text = matches!(file.content, Content::Tree | Content::Package | Content::Features);
    (is_text && matches!(standing, Standing::Foreign)).then(|| {
        Diagnostic::new(format!(
            "`{}` was not generated by rgrpc, and is overwritten: OUT_DIR is cargo's",
            file.path.display()
        ))
        .help("if this warning returns, something else in the build script writes the file: give it another name")
    })
}
