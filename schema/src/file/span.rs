//! Where something stands in a text.

/// Something, and where it stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The thing.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// From where to where, counted from 0 as `SourceCodeInfo` does: a tab goes to the next multiple of 8.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Span {
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
}
