//! Turns protobuf descriptors into Rust gRPC clients, servers and messages.
//!
//! The crate is pure: descriptors and [`Options`] go in, files or [`Errors`] come out, and nothing here touches
//! the file system, the environment, a process, the clock or the network.

mod absent;
mod attributes;
pub mod breaking;
mod c_escapes;
mod deprecated;
mod descriptor;
#[doc(hidden)]
pub mod docs;
mod elements;
mod emit;
mod file_types;
mod full_name;
mod graph;
mod header;
mod input;
mod lower;
mod model;
mod names;
mod options;
mod paths;
pub mod plugin;
mod render;
mod schema;
mod source;
mod uses;
mod wellformed;

pub use file_types::FileTypes;
pub use header::Header;
pub use input::{DescriptorSet, FileHead};
pub use options::{Limits, OPTIONS, OptionSpec, Options, Rules};
use rgrpc_schema::parallel;
pub use rgrpc_schema::{Diagnostic, Errors, Note, Position};

use std::collections::BTreeSet;

use source::Source;

/// What a run made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The files: the module tree first, then one per package, sorted by name, then the Cargo features if asked for.
    pub files: Vec<OutputFile>,
    /// Where the types of each file are, for crates that use them.
    pub types: Vec<FileTypes>,
    /// What the schema depends on but prost cannot keep, and what it uses but nobody generates.
    pub warnings: Vec<Diagnostic>,
}

/// A generated file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutputFile {
    /// Its name, without a folder: `user.v1.rs`.
    pub name: String,
    /// Its text.
    pub content: String,
}

/// Generates the files of a descriptor set named in `to_generate`.
///
/// The output depends on the set, the names and the options only; their order does not matter.
///
/// # Errors
/// Fails with everything that is wrong with the schema and the options, at once.
///
/// # Panics
/// Panics only if the generator itself is broken and made text that is not Rust.
pub fn generate(set: &DescriptorSet, to_generate: &[&str], options: &Options) -> Result<Output, Errors> {
    parallel::with_room(|| run(set, to_generate, options))
}

fn run(set: &DescriptorSet, to_generate: &[&str], options: &Options) -> Result<Output, Errors> {
    let schema = wellformed::link(set)?;
    let mut errors = Errors::default();
    let decided = lower::Decisions::new(set, &schema, options);
    let packages = lower::packages(&decided, to_generate, &mut errors);
    let files = packages.iter().flat_map(|package| package.files.iter().copied()).collect();
    let mut warnings = limits(set, &files, options, &mut errors);
    errors.finish()?;
    warnings.extend(absent::warnings(set, &files, &decided.externs));

    let tree =
        render::file(&origin(set, files.iter().copied()), options, emit::Lines::default(), emit::tree(&packages));
    let mut output = vec![OutputFile { name: options.include_file.clone(), content: tree }];
    output.extend(parallel::map(&packages, |package| {
        let mut lines = emit::Lines::default();
        for &file in &package.files {
            emit::types(&lower::types(&decided, file), &options.prost_path, &mut lines);
        }
        let origin = origin(set, package.files.iter().copied());
        let content = render::file(&origin, options, lines, emit::services(package));
        OutputFile { name: package.file_name.clone(), content }
    }));
    let gates: Vec<&str> =
        [&options.client_feature, &options.server_feature].into_iter().flatten().map(String::as_str).collect();
    output.extend(options.package_features.as_ref().map(|name| {
        let content = render::toml(&origin(set, files.iter().copied()), options, &emit::features(&packages, &gates));
        OutputFile { name: name.clone(), content }
    }));
    let types = file_types::of(&packages, &decided);
    Ok(Output { files: output, types, warnings })
}

/// What prost cannot keep of the files: warnings, or errors if the user wants them to be.
fn limits(set: &DescriptorSet, files: &BTreeSet<usize>, options: &Options, errors: &mut Errors) -> Vec<Diagnostic> {
    let protos = files.iter().map(|&file| &set.files[file].proto);
    let found = protos.flat_map(|proto| lower::limits(proto, &Source::new(proto)));
    match options.limits {
        Limits::Allow => Vec::new(),
        Limits::Warn => found.collect(),
        Limits::Deny => {
            errors.extend(found);
            Vec::new()
        }
    }
}

/// The names of the files, or of the first few.
fn origin(set: &DescriptorSet, files: impl Iterator<Item = usize>) -> String {
    const SHOWN: usize = 8;
    let mut names: Vec<&str> = files.map(|file| set.files[file].proto.name()).collect();
    names.sort_unstable();
    match names.len().checked_sub(SHOWN) {
        None | Some(0) => names.join(", "),
        Some(more) => format!("{} and {more} more", names[..SHOWN].join(", ")),
    }
}
