//! Links parsed files: resolves names, interprets options, and checks every rule of protoc.
//!
//! It works in passes over all files. A pass reads only the results of earlier passes, so it can process the files in parallel.

mod address;
mod checks;
mod complete;
mod elements;
mod features;
mod fields;
mod input;
mod json_names;
mod names;
mod options;
mod order;
mod reach;
mod report;
mod resolve;
mod scope;
mod suggest;
mod symbols;
mod world;

use std::collections::HashSet;

use crate::file::File;
use crate::parallel::{self, Work};
use crate::{Diagnostic, Errors};
use report::Report;
use world::World;

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
/// assert_eq!(errors.to_string(), "1 error\nuser.proto:1:35: `Address` is not declared");
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
    let mut errors = Errors::default();
    let mut warnings = Vec::new();
    let mut ordered = Vec::new();
    for (order, found) in sorted.errors.drain(..).zip(findings) {
        ordered.extend(order);
        ordered.extend(found.errors);
        warnings.extend(found.warnings);
    }
    if !ordered.is_empty() || sorted.broken {
        errors.extend(ordered);
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
    let (mut world, clashes) = World::of(all, sorted);
    let mut findings: Vec<Findings> = all.iter().map(|_| Findings::default()).collect();

    // Declarations, and what names stand for.
    let resolved = pass(&world, &mut findings, |file, report| {
        checks::declarations(&world, file, report);
        checks::clashes(&world, &clashes[file as usize], report);
        let resolved = resolve::resolve(&world, file, report);
        checks::oneofs(&world, file, report);
        resolved
    });
    let mut used = Vec::with_capacity(all.len());
    for resolved in resolved {
        world.links.push(resolved.links);
        used.push(resolved.used);
    }
    checks::extensions(&mut world, |file, warning| findings[file as usize].warnings.push(warning));

    // The options of descriptor.proto, and features, which are options of it.
    let built_in = pass(&world, &mut findings, |file, report| {
        let built_in = options::built_in(&world, file, report);
        let features = features::resolve(&world, file, &built_in.options, report);
        (built_in, features)
    });
    let mut places = Vec::with_capacity(all.len());
    world.options.clear();
    for ((built_in, features), used) in built_in.into_iter().zip(&mut used) {
        used.add(&built_in.used);
        places.push(built_in.places);
        world.options.push(built_in.options);
        world.features.push(features);
    }

    // Options that are extensions: how they are written depends on features.
    let custom = pass(&world, &mut findings, |file, report| {
        checks::visibility(&world, file, report);
        let custom = options::custom(&world, file, report);
        let retained = (retention == Retention::Retain).then(|| custom.options.clone());
        (options::normalized(&world, file, &custom.options), retained, custom.places, custom.used)
    });
    let mut retained = Vec::with_capacity(all.len());
    world.options.clear();
    for (index, (options, raw, more, others)) in custom.into_iter().enumerate() {
        world.options.push(options);
        retained.push(raw);
        places[index].extend(more);
        used[index].add(&others);
    }

    // Rules that need to know all of this. A place that has an error already gets no other.
    let known: Vec<HashSet<_>> = findings.iter().map(|found| found.errors.iter().map(place).collect()).collect();
    findings.truncate(sorted.files.len());
    let completions = pass(&world, &mut findings, |file, report| {
        let index = file as usize;
        checks::rules(&world, file, report);
        report.errors.retain(|error| !known[index].contains(&place(error)));
        let clean = known[index].is_empty() && report.errors.is_empty();
        if sorted.named[index] {
            if clean {
                checks::unused_imports(&world, file, &used[index], report);
            }
            checks::named(&world, file, report);
        }
        if !clean {
            return complete::Completion::default();
        }
        complete::completion(&world, file, retained[index].as_deref())
    });
    let completed = completions.into_iter().zip(places).map(|(completion, places)| completion.placed(places));
    (completed.collect(), findings)
}

/// Returns the line and column of an error.
fn place(error: &Diagnostic) -> Option<(u32, u32)> {
    error.position.as_ref()?.line_column
}

/// Calls `f` for every file that findings are wanted of, and keeps what it reports.
fn pass<R: Send>(world: &World<'_>, findings: &mut [Findings], f: impl Fn(u32, &mut Report<'_>) -> R + Sync) -> Vec<R> {
    let results = parallel::map(Work::Little, &world.files[..findings.len()], |elements| {
        let mut report = Report::new(elements);
        let result = f(elements.number, &mut report);
        (result, report.errors, report.warnings)
    });
    let results = results.into_iter().zip(findings).map(|((result, errors, warnings), findings)| {
        findings.errors.extend(errors);
        findings.warnings.extend(warnings);
        result
    });
    results.collect()
}
