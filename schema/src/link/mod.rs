//! Links parsed files: resolves names, interprets options, and checks every rule of protoc.
//!
//! It works in passes over all files. A pass reads only the results of earlier passes, so it can process the files in parallel.

mod address;
mod checks;
mod complete;
mod dependencies;
mod elements;
mod features;
mod fields;
mod input;
mod json_names;
mod names;
mod options;
mod order;
mod pool;
mod report;
mod resolve;
mod scope;
mod suggest;
mod symbols;

use std::collections::HashSet;

use crate::file::File;
use crate::parallel::{self, Work};
use crate::{Diagnostic, Errors};
use pool::Pool;
use report::Report;

pub use input::Input;

/// Whether to keep options with `retention = RETENTION_SOURCE`, which are meant for compilers only.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Retention {
    /// Removes them and their locations, as protoc does by default.
    #[default]
    Strip,
    /// Keeps them, as `protoc --retain_options` does.
    Retain,
}

/// The result of [`link`]: valid files with their names resolved, options interpreted and JSON names filled in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Linked {
    /// The files, each after those that it imports, as `protoc --include_imports` writes them.
    pub files: Vec<File>,
    /// The warnings that protoc gives.
    pub warnings: Vec<Diagnostic>,
}

/// Links files: resolves their names, interprets their options, and checks the rules of protoc.
///
/// `inputs` are the named files, in the order in which protoc would be given them, and everything that they import, in any order. Options
/// are looked up in the descriptor.proto among the inputs, or else in the [bundled](crate::bundled) one.
///
/// ```
/// use rgrpc_schema::{Input, Retention, link, parse};
///
/// let parsed = parse("user.proto", br#"syntax = "proto3"; message User { Address address = 1; }"#);
/// let errors = link(vec![Input::Named(parsed.file)], Retention::Strip).unwrap_err();
/// assert_eq!(errors.to_string(), "1 error\nuser.proto:1:35: `Address` is not defined");
/// ```
///
/// # Errors
/// Fails with everything that breaks a rule of protoc, in the order in which protoc finds it; each pass reports at most 1000 errors of a
/// file. Also fails, perhaps without an error, if an input is [`Input::Broken`].
pub fn link(inputs: Vec<Input>, retention: Retention) -> Result<Linked, Errors> {
    let mut sorted = order::sort(inputs);
    let (completions, findings) = {
        let hidden = order::descriptor(&sorted);
        let mut all: Vec<&File> = sorted.files.iter().collect();
        all.extend(hidden.as_ref());
        check(&all, &sorted, retention)
    };
    let (mut errors, mut warnings) = (Errors::default(), Vec::new());
    for (import_errors, found) in sorted.errors.drain(..).zip(findings) {
        errors.extend(import_errors);
        errors.extend(found.errors);
        warnings.extend(found.warnings);
    }
    if sorted.broken || !errors.as_slice().is_empty() {
        return Err(errors);
    }
    let mut work: Vec<_> = sorted.files.into_iter().zip(completions).collect();
    parallel::map_mut(Work::Little, &mut work, |(file, completion)| complete::apply(file, std::mem::take(completion)));
    Ok(Linked { files: work.into_iter().map(|(file, _)| file).collect(), warnings })
}

/// The findings in a file.
#[derive(Default)]
struct Findings {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

/// Runs the passes; the last of `all` may be the bundled descriptor.proto, which no file can see.
fn check(all: &[&File], sorted: &order::Sorted, retention: Retention) -> (Vec<complete::Completion>, Vec<Findings>) {
    let (mut pool, clashes) = Pool::build(all, sorted);
    let mut findings: Vec<Findings> = all.iter().map(|_| Findings::default()).collect();

    // Declarations and names.
    let resolved = pass(&pool, &mut findings, |file, report| {
        checks::declarations(&pool, file, report);
        checks::clashes(&pool, &clashes[file as usize], report);
        let resolved = resolve::resolve(&pool, file, report);
        checks::oneofs(&pool, file, report);
        resolved
    });
    let mut used = Vec::with_capacity(all.len());
    for resolved in resolved {
        pool.links.push(resolved.links);
        used.push(resolved.used);
    }
    checks::extensions(&mut pool, |file, warning| findings[file as usize].warnings.push(warning));

    // The options of descriptor.proto, features among them.
    let built_in = pass(&pool, &mut findings, |file, report| {
        let built_in = options::built_in(&pool, file, report);
        let features = features::resolve(&pool, file, &built_in.options, report);
        (built_in, features)
    });
    let mut option_paths = Vec::with_capacity(all.len());
    pool.options.clear();
    for ((built_in, features), used) in built_in.into_iter().zip(&mut used) {
        used.add(&built_in.used);
        option_paths.push(built_in.option_paths);
        pool.options.push(built_in.options);
        pool.features.push(features);
    }

    // Custom options: their encoding depends on features.
    let custom = pass(&pool, &mut findings, |file, report| {
        checks::visibility(&pool, file, report);
        let custom = options::custom(&pool, file, report);
        let retained = (retention == Retention::Retain).then(|| custom.options.clone());
        (options::normalized(&pool, file, &custom.options), retained, custom.option_paths, custom.used)
    });
    let mut retained = Vec::with_capacity(all.len());
    pool.options.clear();
    for (index, (options, raw, more, others)) in custom.into_iter().enumerate() {
        pool.options.push(options);
        retained.push(raw);
        option_paths[index].extend(more);
        used[index].add(&others);
    }

    // Rules that need all of this. A position with an error from an earlier pass gets no other.
    let known: Vec<HashSet<_>> = findings.iter().map(|found| found.errors.iter().map(line_column).collect()).collect();
    findings.truncate(sorted.files.len());
    let completions = pass(&pool, &mut findings, |file, report| {
        let index = file as usize;
        checks::rules(&pool, file, report);
        report.errors.retain(|error| !known[index].contains(&line_column(error)));
        let clean = known[index].is_empty() && report.errors.is_empty();
        if sorted.named[index] {
            if clean {
                checks::unused_imports(&pool, file, &used[index], report);
            }
            checks::named_files(&pool, file, report);
        }
        if !clean {
            return complete::Completion::default();
        }
        complete::completion(&pool, file, retained[index].as_deref())
    });
    let completed = completions
        .into_iter()
        .zip(option_paths)
        .map(|(completion, option_paths)| completion.with_option_paths(option_paths));
    (completed.collect(), findings)
}

/// Returns the line and column of an error.
fn line_column(error: &Diagnostic) -> Option<(u32, u32)> {
    error.position.as_ref()?.line_column
}

/// Calls `f` for each file that has findings, and adds what it reports to them.
fn pass<R: Send>(pool: &Pool<'_>, findings: &mut [Findings], f: impl Fn(u32, &mut Report<'_>) -> R + Sync) -> Vec<R> {
    let results = parallel::map(Work::Little, &pool.files[..findings.len()], |elements| {
        let mut report = Report::new(elements);
        let result = f(elements.index, &mut report);
        (result, report.errors, report.warnings)
    });
    let results = results.into_iter().zip(findings).map(|((result, errors, warnings), findings)| {
        findings.errors.extend(errors);
        findings.warnings.extend(warnings);
        result
    });
    results.collect()
}
