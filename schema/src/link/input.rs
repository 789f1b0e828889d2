//! The input of linking.

use crate::file::File;

/// A file to link.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A file that is named on protoc's command line.
    Named(File),
    /// A file that is only imported. As in protoc, it gets no warnings about unused imports, and some rules do not apply to it.
    Imported(File),
    /// The name of a file that was not found or did not parse. The caller reports that, so errors that follow from it are left out.
    Broken(String),
}
