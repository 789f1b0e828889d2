//! A linked schema and options in, the model out: everything is decided here, and what the options ask for in vain is
//! refused.

mod accessors;
mod boxing;
mod cargo_features;
mod cycles;
mod decisions;
mod defaults;
mod derive_clashes;
mod derives;
mod described;
mod description;
mod element;
mod enum_defaults;
mod extensions;
mod externs;
mod fields;
mod floats;
mod kept;
mod kept_fields;
mod literals;
mod messages;
mod names;
mod packages;
mod path_rules;
mod renames;
mod selectable;
mod service_configs;
mod services;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod type_names;
mod type_references;
mod types;
mod ungenerated_types;
mod unsupported;

use std::collections::BTreeSet;

use rgrpc_schema::nearest::suggestion;
use rgrpc_schema::parallel::{self, Work};
use rgrpc_schema::schema::Schema;
use rgrpc_schema::{Diagnostic, Errors, Position};

use crate::model::Package;
use crate::options::{Part, Unsupported};

pub(crate) use self::decisions::Decisions;
pub(crate) use self::types::of_file as types;

/// The packages to generate, sorted by name, and what the user should know of their files.
///
/// # Errors
/// Fails with everything that the options ask for in vain, and with what cannot be generated.
pub(crate) fn model(decided: &Decisions<'_>, to_generate: &[&str]) -> Result<(Vec<Package>, Vec<Diagnostic>), Errors> {
    let mut errors = Errors::default();
    let mut packages = packages(decided, to_generate, &mut errors);
    let files: BTreeSet<usize> = packages.iter().flat_map(|package| package.files.iter().copied()).collect();
    let mut warnings = lost(decided, &files, &mut errors);
    warnings.extend(service_configs::add(&mut packages, decided, &mut errors));
    errors.finish()?;
    if decided.options.part != Part::Packages {
        warnings.extend(ungenerated_types::warnings(decided, &files));
    }
    Ok((packages, warnings))
}

/// Features of the files that prost cannot keep: warnings, or errors if the user wants them to be. The run that makes only the
/// tree leaves the warnings to those of the packages.
fn lost(decided: &Decisions<'_>, files: &BTreeSet<usize>, errors: &mut Errors) -> Vec<Diagnostic> {
    let found = files.iter().flat_map(|&file| unsupported::unsupported(decided, file));
    match decided.options.unsupported {
        Unsupported::Allow => Vec::new(),
        Unsupported::Warn if decided.options.part == Part::Tree => Vec::new(),
        Unsupported::Warn => found.collect(),
        Unsupported::Deny => {
            errors.extend(found);
            Vec::new()
        }
    }
}

/// The packages to generate, sorted by name.
pub(crate) fn packages(decided: &Decisions<'_>, to_generate: &[&str], errors: &mut Errors) -> Vec<Package> {
    let Decisions { schema, options, externs, .. } = decided;
    let generated = generated_files(schema, to_generate, errors);
    let mut packages = packages::collect(schema, &generated, externs, errors);
    packages::reject_include_file(&packages, options, errors);
    let children = packages::children(schema);
    let faults = parallel::map_mut(Work::Much, &mut packages, |package| {
        let mut errors = Errors::default();
        services::add(package, decided, &children, &mut errors);
        if options.embed_descriptor_set {
            package.descriptor_set = Some(packages::descriptor_set(package, schema));
        }
        if options.json || options.text || options.enable_type_names {
            let messages = messages::of(package, decided);
            if options.json {
                package.json = described::of(package, decided, &messages);
            }
            if options.text {
                package.text = described::of(package, decided, &messages);
            }
            if let (Some(_), Some(text)) = (&package.json, &mut package.text) {
                text.descriptors = None;
            }
            if options.enable_type_names {
                package.type_names = type_names::of(package, options, &messages);
            }
        }
        errors
    });
    errors.extend(faults.into_iter().flatten());
    if options.package_features.is_some() {
        cargo_features::add(&mut packages, decided, errors);
    }
    path_rules::check_together(options, errors);
    derive_clashes::check(&packages, decided, errors);
    // One of many runs may lack an element that another run has; the one that makes the tree has all elements.
    if options.part != Part::Packages {
        renames::check(decided, errors);
        path_rules::check(&packages, decided, errors);
        externs::check(schema, externs, errors);
    }
    packages
}

/// The indices of the files to generate, sorted by file name so that the order of the request does not matter.
fn generated_files(schema: &Schema<'_>, to_generate: &[&str], errors: &mut Errors) -> Vec<usize> {
    let name = |file: usize| schema.files[file].descriptor.name();
    for name in to_generate.iter().filter(|name| schema.file_named(name).is_none()) {
        let position = Position::new(*name, None);
        let known = schema.files.iter().map(|file| file.descriptor.name());
        let help = suggestion(name, known).unwrap_or_else(|| "name it as the set does".to_owned());
        errors.push(Diagnostic::at(position, "the descriptor set does not contain this file").help(help));
    }
    let wanted: BTreeSet<&str> = to_generate.iter().copied().collect();
    let mut files: Vec<usize> = (0..schema.files.len()).filter(|&file| wanted.contains(name(file))).collect();
    files.sort_by_key(|&file| name(file));
    files
}
