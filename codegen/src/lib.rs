//! Turns protobuf descriptors into Rust gRPC clients, servers and messages.
//!
//! The crate is pure: descriptors and [`Options`] go in, files or [`Errors`] come out, and nothing here touches
//! the file system, the environment, a process, the clock or the network.

#![cfg_attr(docsrs, feature(doc_cfg))]

mod attributes;
#[cfg(feature = "breaking")]
pub mod breaking;
#[doc(hidden)]
pub mod docs;
mod emit;
mod file_types;
mod files;
mod header;
mod lower;
mod model;
mod names;
mod near;
mod numbers;
mod options;
mod paths;
pub mod plugin;
mod rust_type;
mod syntax;

use rgrpc_schema::{Schema, parallel};

pub use file_types::FileTypes;
pub use files::OutputFile;
pub use header::Header;
pub use options::{OPTIONS, OptionSpec, Options, Part, Unsupported};
pub use rgrpc_schema::{DescriptorSet, Diagnostic, Errors, FileHead, Note, Position};

/// The result of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output<F = OutputFile> {
    /// The files: the module tree first, then one per package, sorted by name, then the Cargo features if asked for. Or what
    /// [`generate_each`] has instead of them.
    pub files: Vec<F>,
    /// Where the types of each file are, for crates that use them.
    pub types: Vec<FileTypes>,
    /// Features of the schema that prost cannot keep, and types that it uses but nobody generates.
    pub warnings: Vec<Diagnostic>,
}

/// Generates the files of a descriptor set named in `to_generate`; [`Options::to_generate`] makes that of what a user lists.
///
/// The output depends on the set, the names and the options only; their order does not matter.
///
/// # Errors
/// Fails with everything that is wrong with the schema and the options, at once.
///
/// # Panics
/// Panics only if the generator itself is broken and made text that is not Rust.
pub fn generate(set: &DescriptorSet, to_generate: &[&str], options: &Options) -> Result<Output, Errors> {
    generate_each(set, to_generate, options, |file| file)
}

/// Generates the same files, and hands each to `each` as soon as it is made, on whichever thread made it: only what that returns
/// is kept. So the files of a large schema are never in memory together.
///
/// # Errors
/// Fails as [`generate`] does, before the first file is made.
///
/// # Panics
/// Panics if `each` does, and as [`generate`] does.
///
/// ```
/// # use rgrpc_codegen::{DescriptorSet, Options, generate_each};
/// let set = DescriptorSet::decode(Vec::new())?;
/// let output = generate_each(&set, &[], &Options::default(), |file| (file.name, file.content.len()))?;
/// assert_eq!(output.files[0].0, "mod.rs");
/// # Ok::<_, rgrpc_codegen::Errors>(())
/// ```
pub fn generate_each<F: Send>(
    set: &DescriptorSet,
    to_generate: &[&str],
    options: &Options,
    each: impl Fn(OutputFile) -> F + Sync,
) -> Result<Output<F>, Errors> {
    parallel::on_large_stack(|| {
        let schema = Schema::link(set)?;
        let decided = lower::Decisions::new(&schema, options, to_generate);
        let (packages, warnings) = lower::model(&decided, to_generate)?;
        let (files, types) = (files::each(&packages, &decided, &each), file_types::of(&packages, &decided));
        Ok(Output { files, types, warnings })
    })
}
