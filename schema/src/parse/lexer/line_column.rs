//! The position of a token.

/// A line and a column, counted from 0.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::parse) struct LineColumn {
    pub(in crate::parse) line: u32,
    pub(in crate::parse) column: u32,
}
