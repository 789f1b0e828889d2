//! Compiled descriptors, and which of the contents of the files they are to have.

use rgrpc_codegen::Diagnostic;

/// The content of a descriptor set beside the listed files.
///
/// ```
/// let contents = rgrpc_build::Contents { include_imports: true, ..Default::default() };
/// assert!(!contents.exclude_source_info);
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Contents {
    /// Also the files that they import, each in front of those that import it: `--include_imports` of protoc.
    pub include_imports: bool,
    /// Also the options that only compilers read: `--retain_options` of protoc.
    pub retain_options: bool,
    /// Neither positions nor comments: without `--include_source_info` of protoc.
    pub exclude_source_info: bool,
}

/// The content that the generator needs.
pub(crate) const GENERATED: Contents =
    Contents { include_imports: true, retain_options: false, exclude_source_info: false };

/// The compiled descriptors, and warnings.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// A serialized `FileDescriptorProto` each.
    pub(crate) files: Vec<Vec<u8>>,
    pub(crate) warnings: Vec<Diagnostic>,
}
