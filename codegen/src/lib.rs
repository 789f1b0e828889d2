//! Generates Rust gRPC clients, servers and messages from protobuf descriptors.
//!
//! The crate is pure: it maps descriptors and [`Options`] to files or [`Errors`], and touches neither the file system nor the
//! environment, processes, the clock or the network. A `build.rs` uses `rgrpc-build` on top of it, and protoc and buf run
//! `protoc-gen-rgrpc`.
//!
//! ```
//! use rgrpc_codegen::{DescriptorSet, Options, generate};
//!
//! // A serialized `FileDescriptorSet`, such as `protoc --descriptor_set_out` writes.
//! # let bytes = b"\n\"\n\nuser.proto\x12\x04user\"\x06\n\x04Userb\x06proto3".to_vec();
//! let set = DescriptorSet::decode(bytes)?;
//! let output = generate(&set, &["user.proto"], &Options::parse("build_server=false")?)?;
//! assert_eq!(output.files.iter().map(|file| &*file.name).collect::<Vec<_>>(), ["mod.rs", "user.rs"]);
//! # Ok::<_, rgrpc_codegen::Errors>(())
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod attributes;
#[cfg(feature = "breaking")]
pub mod breaking;
#[doc(hidden)]
pub mod docs;
mod emit;
mod exports;
mod files;
mod header;
mod lower;
mod model;
mod names;
mod numbers;
mod options;
pub mod plugin;
mod proto_paths;
mod rust_type;
mod syntax;

use rgrpc_schema::{Schema, parallel};

pub use exports::FileExports;
pub use files::OutputFile;
pub use header::Header;
pub use options::{OPTIONS, OptionSpec, Options, Part, Unsupported};
pub use rgrpc_schema::{DescriptorSet, Diagnostic, Errors, FileImports, Note, Position};

/// The files of a run, and what the run reports besides.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output<F = OutputFile> {
    /// The generated files: the module tree, one file per package, sorted by name, and the Cargo features if the options ask for
    /// them. With [`generate_each`], the results of its closure instead.
    pub files: Vec<F>,
    /// The Rust paths of the types of each file, for crates that depend on this one.
    pub exports: Vec<FileExports>,
    /// Warnings, such as features of the schema that prost cannot represent, and types that are used but not generated.
    pub warnings: Vec<Diagnostic>,
}

/// Generates Rust for the files of a descriptor set that `to_generate` names. [`Options::to_generate`] returns these names for the
/// files that a user lists.
///
/// The output depends only on the set, the names and the options. The order of files and names does not matter.
///
/// # Errors
/// Fails with all errors in the schema and the options at once.
///
/// # Panics
/// Panics only at a bug in the generator: if an item that it emits is not valid Rust.
pub fn generate(set: &DescriptorSet, to_generate: &[&str], options: &Options) -> Result<Output, Errors> {
    generate_each(set, to_generate, options, |file| file)
}

/// Generates the same files as [`generate`], and passes each to `each` as soon as it is complete, on the thread that generated it.
///
/// [`Output::files`] holds only what `each` returns, so the files of a large schema need not be in memory together.
///
/// # Errors
/// Fails as [`generate`] does, before `each` is called.
///
/// # Panics
/// Panics if `each` panics, and as [`generate`] does.
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
        let decisions = lower::Decisions::new(&schema, options, to_generate);
        let (packages, warnings) = lower::model(&decisions, to_generate)?;
        let files = files::each(&packages, &decisions, &each);
        let exports = exports::of(&packages, &decisions);
        Ok(Output { files, exports, warnings })
    })
}
