//! The room that a text has: how far it is indented, and the columns of its first line.

/// The columns of a line.
pub(super) const MAX_WIDTH: usize = 100;

/// The columns of a level of indentation.
pub(super) const INDENT: usize = 4;

#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// Where the lines start that the text begins.
    pub(super) indent: usize,
    /// The columns before the text, on its first line.
    offset: usize,
    /// The columns for the first line.
    pub(super) width: usize,
}

impl Shape {
    /// A line of its own.
    pub(super) fn line(indent: usize) -> Self {
        Self { indent, offset: 0, width: MAX_WIDTH.saturating_sub(indent) }
    }

    /// The lines of a list whose brackets are here; each ends with a comma.
    pub(super) fn item(self) -> Self {
        Self::line(self.indent + INDENT).before(1)
    }

    /// A line of its own one level deeper, with as much behind it as there is behind this text.
    pub(super) fn next_line(self) -> Self {
        Self::line(self.indent + INDENT).before(MAX_WIDTH.saturating_sub(self.indent + self.offset + self.width))
    }

    /// The width after so many columns, unless they are too many.
    pub(super) fn after(self, columns: usize) -> Option<Self> {
        (columns <= self.width).then(|| self.behind(columns))
    }

    /// The width after so many columns, which may be none.
    pub(super) fn behind(self, columns: usize) -> Self {
        Self { offset: self.offset + columns, width: self.width.saturating_sub(columns), ..self }
    }

    /// The width before so many columns.
    pub(super) fn before(self, columns: usize) -> Self {
        Self { width: self.width.saturating_sub(columns), ..self }
    }

    /// The text, if it is on one line and fits.
    pub(super) fn fit(self, text: &str) -> Option<String> {
        (text.len() <= self.width).then(|| text.to_owned())
    }

    /// A line break, and the indentation of the next line.
    pub(super) fn line_break(self) -> String {
        line_break(self.indent)
    }
}

pub(super) fn line_break(indent: usize) -> String {
    format!("\n{:indent$}", "")
}
