//! Generates the files of a run from its packages.

use rgrpc_schema::parallel::{self, Work};

use crate::lower::{self, Decisions};
use crate::model::Package;
use crate::options::Part;
use crate::{emit, header};

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputFile {
    /// The file's name, without a folder: `user.v1.rs`.
    pub name: String,
    /// The file's text.
    pub content: String,
}

/// Calls `each` with every file of the run, and returns the results: the module tree, the packages sorted by name, and the Cargo
/// features if the options ask for them; or only the part that the options select.
pub(crate) fn each<F: Send>(
    packages: &[Package],
    decisions: &Decisions<'_>,
    each: impl Fn(OutputFile) -> F + Sync,
) -> Vec<F> {
    let part = decisions.options.part;
    let tree = (part != Part::Packages).then(|| each(tree(packages, decisions)));
    let features = cargo_features(packages, decisions).filter(|_| part != Part::Packages).map(&each);
    let of_packages = match part {
        Part::Tree => Vec::new(),
        Part::All | Part::Packages => {
            parallel::map(Work::Much, packages, |package| each(self::package(package, decisions)))
        }
    };
    tree.into_iter().chain(of_packages).chain(features).collect()
}

/// The file that declares the module tree.
fn tree(packages: &[Package], decisions: &Decisions<'_>) -> OutputFile {
    let mut lines = emit::Lines::default();
    emit::tree(packages, &mut lines);
    let content = header::add("//", &origin_of_all(packages, decisions), decisions.options, lines.finish());
    OutputFile { name: decisions.options.include_file.clone(), content }
}

/// The file of Cargo features, if the options ask for it.
fn cargo_features(packages: &[Package], decisions: &Decisions<'_>) -> Option<OutputFile> {
    let options = decisions.options;
    let name = options.package_features.clone()?;
    let gates = [&options.client_feature, &options.server_feature].into_iter().flatten().map(String::as_str);
    let text = emit::cargo_features(packages, &gates.collect::<Vec<_>>());
    let content = header::add("#", &origin_of_all(packages, decisions), options, format!("\n{text}"));
    Some(OutputFile { name, content })
}

fn origin_of_all(packages: &[Package], decisions: &Decisions<'_>) -> String {
    origin(decisions, packages.iter().flat_map(|package| package.files.iter().copied()))
}

/// The file of one package. The types of each `.proto` file are lowered only when they are emitted, so that the model of a large
/// schema is never in memory as a whole.
fn package(package: &Package, decisions: &Decisions<'_>) -> OutputFile {
    let mut lines = emit::Lines::default();
    for &file in &package.files {
        emit::types(&lower::types(decisions, file), &decisions.options.prost_path, &mut lines);
    }
    emit::services(package, &mut lines);
    let origin = origin(decisions, package.files.iter().copied());
    let content = header::add("//", &origin, decisions.options, lines.finish());
    OutputFile { name: package.file_name.clone(), content }
}

/// The names of the `.proto` files for the header: all of them, or the first few and how many more there are.
fn origin(decisions: &Decisions<'_>, files: impl Iterator<Item = usize>) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<&str> = files.map(|file| decisions.schema.files[file].descriptor.name()).collect();
    names.sort_unstable();
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}
