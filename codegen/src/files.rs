//! Packages in, the files of a run out.

use crate::lower::{self, Decisions};
use crate::model::Package;
use crate::options::Part;
use crate::parallel::{self, Work};
use crate::{OutputFile, emit, header};

/// The module tree, the packages in the order of their names, and the Cargo features if they are asked for; or a part of it.
pub(crate) fn of(packages: &[Package], decided: &Decisions<'_>) -> Vec<OutputFile> {
    let of_packages = || parallel::map(Work::Much, packages, |package| self::package(package, decided));
    match decided.options.part {
        Part::All => {
            let (tree, features) = of_all(packages, decided);
            [tree].into_iter().chain(of_packages()).chain(features).collect()
        }
        Part::Packages => of_packages(),
        Part::Tree => {
            let (tree, features) = of_all(packages, decided);
            [tree].into_iter().chain(features).collect()
        }
    }
}

/// The files for all packages together: the module tree, and the Cargo features.
fn of_all(packages: &[Package], decided: &Decisions<'_>) -> (OutputFile, Option<OutputFile>) {
    let options = decided.options;
    let all = origin(decided, packages.iter().flat_map(|package| package.files.iter().copied()));
    let mut lines = emit::Lines::default();
    emit::tree(packages, &mut lines);
    let tree =
        OutputFile { name: options.include_file.clone(), content: header::add("//", &all, options, lines.finish()) };
    let features = options.package_features.as_ref().map(|name| {
        let gates = [&options.client_feature, &options.server_feature].into_iter().flatten().map(String::as_str);
        let text = emit::features(packages, &gates.collect::<Vec<_>>());
        OutputFile { name: name.clone(), content: header::add("#", &all, options, format!("\n{text}")) }
    });
    (tree, features)
}

/// The types of a file are a model only while they are written.
fn package(package: &Package, decided: &Decisions<'_>) -> OutputFile {
    let mut lines = emit::Lines::default();
    for &file in &package.files {
        emit::types(&lower::types(decided, file), &decided.options.prost_path, &mut lines);
    }
    emit::services(package, &mut lines);
    let origin = origin(decided, package.files.iter().copied());
    let content = header::add("//", &origin, decided.options, lines.finish());
    OutputFile { name: package.file_name.clone(), content }
}

/// The names of the files, or of the first few.
fn origin(decided: &Decisions<'_>, files: impl Iterator<Item = usize>) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<&str> = files.map(|file| decided.schema.files[file].descriptor.name()).collect();
    names.sort_unstable();
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}
