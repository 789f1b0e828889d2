//! Packages in, the files of a run out.

use rgrpc_schema::parallel::{self, Work};

use crate::lower::{self, Decisions};
use crate::model::Package;
use crate::options::Part;
use crate::{emit, header};

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputFile {
    /// Its name, without a folder: `user.v1.rs`.
    pub name: String,
    /// Its text.
    pub content: String,
}

/// The module tree, the packages in the order of their names, and the Cargo features if they are asked for; or a part of it. Of each, what
/// `each` makes of it.
pub(crate) fn each<F: Send>(
    packages: &[Package],
    decided: &Decisions<'_>,
    each: impl Fn(OutputFile) -> F + Sync,
) -> Vec<F> {
    let part = decided.options.part;
    let tree = (part != Part::Packages).then(|| each(tree(packages, decided)));
    let features = features(packages, decided).filter(|_| part != Part::Packages).map(&each);
    let of_packages = match part {
        Part::Tree => Vec::new(),
        Part::All | Part::Packages => {
            parallel::map(Work::Much, packages, |package| each(self::package(package, decided)))
        }
    };
    tree.into_iter().chain(of_packages).chain(features).collect()
}

/// The file that mounts the packages.
fn tree(packages: &[Package], decided: &Decisions<'_>) -> OutputFile {
    let mut lines = emit::Lines::default();
    emit::tree(packages, &mut lines);
    let content = header::add("//", &origin_of_all(packages, decided), decided.options, lines.finish());
    OutputFile { name: decided.options.include_file.clone(), content }
}

/// The Cargo features of the packages, where they are asked for.
fn features(packages: &[Package], decided: &Decisions<'_>) -> Option<OutputFile> {
    let options = decided.options;
    let name = options.package_features.clone()?;
    let gates = [&options.client_feature, &options.server_feature].into_iter().flatten().map(String::as_str);
    let text = emit::features(packages, &gates.collect::<Vec<_>>());
    let content = header::add("#", &origin_of_all(packages, decided), options, format!("\n{text}"));
    Some(OutputFile { name, content })
}

fn origin_of_all(packages: &[Package], decided: &Decisions<'_>) -> String {
    origin(decided, packages.iter().flat_map(|package| package.files.iter().copied()))
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
