//! The result of a front end: serialized descriptors, and the options for their contents.

use rgrpc_codegen::Diagnostic;

/// The contents of a descriptor set besides the listed files, for [`Builder::write_descriptors`](crate::Builder::write_descriptors).
///
/// By default, a set has positions and comments, but no imports.
///
/// ```
/// let contents = rgrpc_build::DescriptorSetContents { include_imports: true, ..Default::default() };
/// assert!(!contents.exclude_source_info);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DescriptorSetContents {
    /// Includes imported files, each before the files that import it: protoc's `--include_imports`. Default: false.
    pub include_imports: bool,
    /// Includes options with source retention, which only compilers read: protoc's `--retain_options`. Default: false.
    pub retain_options: bool,
    /// Excludes positions and comments, which protoc only writes with `--include_source_info`. Default: false.
    pub exclude_source_info: bool,
}

/// The contents that the generator needs.
pub(crate) const GENERATOR_INPUT: DescriptorSetContents =
    DescriptorSetContents { include_imports: true, retain_options: false, exclude_source_info: false };

/// The compiled descriptors, and warnings.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// Serialized `FileDescriptorProto`s.
    pub(crate) files: Vec<Vec<u8>>,
    pub(crate) warnings: Vec<Diagnostic>,
}
