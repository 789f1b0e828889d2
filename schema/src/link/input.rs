//! The files that are linked.

use crate::file::File;

/// A file to link, and why it is there.
#[derive(Debug, Clone, PartialEq)]
pub enum Input {
    /// A file that was asked for.
    Named(File),
    /// A file that another one imports: protoc neither warns of what it imports in vain nor looks at some rules in it.
    Imported(File),
    /// The name of a file that is not to be had or not to be understood, which somebody else reports: what is missing
    /// because of it is not reported again.
    Broken(String),
}
