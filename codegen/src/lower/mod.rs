//! Lowers a linked schema to the model: makes every decision, and rejects options that have no effect.

mod accessors;
mod boxing;
mod cargo_features;
mod cycles;
mod decisions;
mod default_literals;
mod derive_clashes;
mod derives;
mod element;
mod enum_defaults;
mod extensions;
mod extern_checks;
mod extern_paths;
mod fields;
mod floats;
mod generated_messages;
mod macro_encodings;
mod names;
mod packages;
mod path_rules;
mod prost_defaults;
mod renames;
mod selectable;
mod service_configs;
mod services;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod transcoding;
mod transcoding_descriptors;
mod type_names;
mod type_references;
mod types;
mod ungenerated_types;
mod unknown_fields;
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

/// Returns the packages to generate, sorted by name, and warnings about their files.
///
/// # Errors
/// Fails with every option that has no effect and every element that cannot be generated.
pub(crate) fn model(
    decisions: &Decisions<'_>,
    to_generate: &[&str],
) -> Result<(Vec<Package>, Vec<Diagnostic>), Errors> {
    let mut errors = Errors::default();
    let mut packages = packages(decisions, to_generate, &mut errors);
    let files: BTreeSet<usize> = packages.iter().flat_map(|package| package.files.iter().copied()).collect();
    let mut warnings = report_unsupported(decisions, &files, &mut errors);
    warnings.extend(service_configs::add(&mut packages, decisions, &mut errors));
    errors.finish()?;
    if decisions.options.part != Part::Packages {
        warnings.extend(ungenerated_types::warnings(decisions, &files));
    }
    Ok((packages, warnings))
}

/// Reports the features of the files that prost cannot represent, as warnings or errors, as the user chose. A run that generates only
/// the module tree leaves the warnings to the runs that generate the packages.
fn report_unsupported(decisions: &Decisions<'_>, files: &BTreeSet<usize>, errors: &mut Errors) -> Vec<Diagnostic> {
    let found = files.iter().flat_map(|&file| unsupported::find(decisions, file));
    match decisions.options.unsupported {
        Unsupported::Allow => Vec::new(),
        Unsupported::Warn if decisions.options.part == Part::Tree => Vec::new(),
        Unsupported::Warn => found.collect(),
        Unsupported::Deny => {
            errors.extend(found);
            Vec::new()
        }
    }
}

/// Returns the packages to generate, sorted by name.
pub(crate) fn packages(decisions: &Decisions<'_>, to_generate: &[&str], errors: &mut Errors) -> Vec<Package> {
    let Decisions { schema, options, externs, .. } = decisions;
    let generated = generated_files(schema, to_generate, errors);
    let mut packages = packages::collect(schema, &generated, externs, errors);
    packages::reject_include_file(&packages, options, errors);
    let children = packages::children(schema);
    let errors_of_packages = parallel::map_mut(Work::Much, &mut packages, |package| {
        let mut errors = Errors::default();
        services::add(package, decisions, &children, &mut errors);
        if options.embed_descriptor_set {
            package.descriptor_set = Some(packages::descriptor_set(package, schema));
        }
        if options.json || options.text || options.enable_type_names {
            let messages = generated_messages::of(package, decisions);
            transcoding::add(package, decisions, &messages);
            if options.enable_type_names {
                package.type_names = type_names::of(package, options, &messages);
            }
        }
        errors
    });
    errors.extend(errors_of_packages.into_iter().flatten());
    if options.package_features.is_some() {
        cargo_features::add(&mut packages, decisions, errors);
    }
    path_rules::check_together(options, errors);
    derive_clashes::check(&packages, decisions, errors);
    // With `part=packages`, each run sees only some of the elements; the run with `part=tree` sees all of them.
    if options.part != Part::Packages {
        renames::check(decisions, errors);
        path_rules::check(&packages, decisions, errors);
        extern_checks::check(schema, externs, errors);
    }
    packages
}

/// Returns the indices of the files to generate, sorted by file name so that the order of the request does not matter.
fn generated_files(schema: &Schema<'_>, to_generate: &[&str], errors: &mut Errors) -> Vec<usize> {
    let name = |file: usize| schema.files[file].descriptor.name();
    for name in to_generate.iter().filter(|name| schema.file_named(name).is_none()) {
        let position = Position::new(*name, None);
        let known = schema.files.iter().map(|file| file.descriptor.name());
        let help =
            suggestion(name, known).unwrap_or_else(|| "use the name that the descriptor set has for it".to_owned());
        errors.push(Diagnostic::at(position, "the descriptor set does not contain this file").help(help));
    }
    let wanted: BTreeSet<&str> = to_generate.iter().copied().collect();
    let mut files: Vec<usize> = (0..schema.files.len()).filter(|&file| wanted.contains(name(file))).collect();
    files.sort_by_key(|&file| name(file));
    files
}
