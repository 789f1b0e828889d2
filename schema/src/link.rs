//! Links files: names resolved, options interpreted, every rule of protoc checked.
//!
//! Each pass reads what the passes before it found out of all files, so that files are worked on at the same time.

mod checks;
mod complete;
mod elements;
mod features;
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

use std::collections::HashMap;

use crate::file::File;
use crate::{Diagnostic, Errors, parallel};
use elements::{Elements, number};
use options::Pass;
use reach::{Reach, Set};
use report::Report;
use symbols::Symbols;
use world::World;

/// A file to link, and why it is there.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A file that was asked for.
    Named(File),
    /// A file that another one imports: protoc neither warns of what it imports in vain nor looks at some rules in it.
    Imported(File),
    /// The name of a file that is not to be had or not to be understood, which somebody else reports: what is missing
    /// because of it is not reported again.
    Broken(String),
}

/// Whether options that only compilers read stay: those of `retention = RETENTION_SOURCE`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Retention {
    /// They go, and their locations with them, as protoc does it without `--retain_options`.
    #[default]
    Strip,
    /// They stay, as with `protoc --retain_options`.
    Retain,
}

/// Files that are right: names are resolved, options interpreted, JSON names filled in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Linked {
    /// Every file behind those that it imports, as `protoc --include_imports` writes them.
    pub files: Vec<File>,
    /// What protoc warns of.
    pub warnings: Vec<Diagnostic>,
}

/// Links files: `inputs` are those that were named, in that order, and all that they import. The result does not depend on
/// where the imported ones stand.
///
/// descriptor.proto is the one among the inputs, else the bundled one of protoc 36.2.
///
/// # Errors
/// Fails if anything breaks a rule of protoc's, with all that is wrong, in the order in which protoc finds it; also, perhaps
/// with nothing to add, if an input is [`Input::Broken`].
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
    parallel::map_mut(&mut work, |(file, completion)| complete::apply(file, std::mem::take(completion)));
    Ok(Linked { files: work.into_iter().map(|(file, _)| file).collect(), warnings })
}

/// What was found in a file.
#[derive(Default)]
struct Findings {
    errors: Vec<Diagnostic>,
    warnings: Vec<Diagnostic>,
}

/// Runs all passes; the last of `all` may be a descriptor.proto that nobody sees.
fn check(all: &[&File], sorted: &order::Sorted, retention: Retention) -> (Vec<complete::Completion>, Vec<Findings>) {
    let files: Vec<Elements<'_>> = parallel::map(all, |file| Elements::of(file));
    let mut findings: Vec<Findings> = all.iter().map(|_| Findings::default()).collect();
    let (symbols, clashes) = Symbols::of(&files);
    let mut imports = sorted.imports.clone();
    imports.resize(all.len(), Vec::new());
    let numbers: Vec<u32> = (0..number(all.len())).collect();
    let reach = parallel::map(&numbers, |&file| Reach::of(file, all, &imports, &symbols));
    let mut world = World {
        hidden: (all.len() > sorted.files.len()).then(|| number(sorted.files.len())),
        options: parallel::map(&numbers, |&file| options::decoded(&files[file as usize])),
        files,
        symbols,
        imports,
        reach,
        links: Vec::new(),
        extensions: HashMap::new(),
        features: Vec::new(),
    };

    let mut used: Vec<Set> = all.iter().map(|_| Set::default()).collect();
    pass(&world, &numbers, &mut findings, |file, report| checks::declarations(&world, file, report));
    checks::clashes(&world, clashes, |file, error| findings[file as usize].errors.push(error));

    let resolved = pass(&world, &numbers, &mut findings, |file, report| resolve::resolve(&world, file, report));
    for (resolved, used) in resolved.into_iter().zip(&mut used) {
        world.links.push(resolved.links);
        used.add(&resolved.used);
    }
    pass(&world, &numbers, &mut findings, |file, report| checks::oneofs(&world, file, report));
    checks::extensions(&mut world, |file, warning| findings[file as usize].warnings.push(warning));

    let built_in = pass(&world, &numbers, &mut findings, |file, report| {
        let options = world.options[file as usize].clone();
        options::interpret(&world, file, Pass::BuiltIn, options, report)
    });
    let features = pass(&world, &numbers, &mut findings, |file, report| {
        features::resolve(&world, file, &built_in[file as usize].options, report)
    });
    world.features = features;
    let mut places = Vec::with_capacity(all.len());
    world.options.clear();
    for (built_in, used) in built_in.into_iter().zip(&mut used) {
        world.options.push(built_in.options);
        places.push(built_in.places);
        used.add(&built_in.used);
    }
    pass(&world, &numbers, &mut findings, |file, report| checks::visibility(&world, file, report));

    let written = pass(&world, &numbers, &mut findings, |file, report| {
        options::interpret(&world, file, Pass::Extensions, options::canonical(&world, file), report)
    });
    let mut raw = Vec::with_capacity(all.len());
    for ((written, places), used) in written.into_iter().zip(&mut places).zip(&mut used) {
        raw.push(written.options);
        places.extend(written.places);
        used.add(&written.used);
    }
    world.options = parallel::map(&numbers, |&file| options::normalize_all(&world, file, &raw[file as usize]));
    let raw = (retention == Retention::Retain).then_some(raw);

    let clean: Vec<bool> = findings.iter().map(|found| found.errors.is_empty()).collect();
    pass(&world, &numbers, &mut findings, |file, report| {
        let index = file as usize;
        if clean[index] && index < sorted.files.len() {
            checks::rules(&world, file, report);
            if sorted.named[index] {
                checks::unused_imports(&world, file, &used[index], report);
                checks::named(&world, file, report);
            }
        }
    });

    let completions = parallel::map(&numbers[..sorted.files.len()], |&file| {
        complete::completion(&world, file, raw.as_ref().map(|raw| &*raw[file as usize]))
    });
    let completed = completions.into_iter().zip(places).map(|(completion, places)| completion.placed(places));
    (completed.collect(), findings)
}

/// Calls `f` for every file, and keeps what it reports.
fn pass<R: Send>(
    world: &World<'_>,
    numbers: &[u32],
    findings: &mut [Findings],
    f: impl Fn(u32, &mut Report<'_>) -> R + Sync,
) -> Vec<R> {
    let results = parallel::map(numbers, |&file| {
        let mut report = Report::new(&world.files[file as usize]);
        let result = f(file, &mut report);
        (result, report.errors, report.warnings)
    });
    let results = results.into_iter().zip(findings).map(|((result, errors, warnings), findings)| {
        findings.errors.extend(errors);
        findings.warnings.extend(warnings);
        result
    });
    results.collect()
}
