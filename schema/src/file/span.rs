//! Spans of text.

/// A value with its span in the text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where the value is written.
    pub span: Span,
}

/// A span of text. As in `SourceCodeInfo`, lines and columns count from 0, and a tab advances to the next multiple of 8 columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names say it")]
pub struct Span {
    pub start_line: u32,
    pub start_column: u32,
    pub end_line: u32,
    pub end_column: u32,
}
