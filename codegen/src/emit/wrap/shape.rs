//! The space that a text may take: its indentation, and the columns of its first line.

/// The most columns of a line.
pub(super) const MAX_WIDTH: usize = 100;

/// The columns of a level of indentation.
pub(super) const INDENT: usize = 4;

/// The space for a text, as in rustfmt.
#[derive(Debug, Clone, Copy)]
pub(super) struct Shape {
    /// The indentation of the line on which the text starts.
    pub(super) indent: usize,
    /// The columns between the indentation and the text.
    offset: usize,
    /// The columns available on the first line.
    pub(super) width: usize,
}

impl Shape {
    /// A whole line.
    pub(super) fn line(indent: usize) -> Self {
        Self { indent, offset: 0, width: MAX_WIDTH.saturating_sub(indent) }
    }

    /// An item of a list that starts here, on a line of its own, followed by a comma.
    pub(super) fn item(self) -> Self {
        Self::line(self.indent + INDENT).before(1)
    }

    /// A line of its own, one level deeper, with as many columns reserved at its end as for this text.
    pub(super) fn next_line(self) -> Self {
        Self::line(self.indent + INDENT).before(MAX_WIDTH.saturating_sub(self.indent + self.offset + self.width))
    }

    /// The space after so many columns; `None` if there are fewer.
    pub(super) fn after(self, columns: usize) -> Option<Self> {
        (columns <= self.width).then(|| self.saturating_after(columns))
    }

    /// The space after so many columns, which may be none.
    pub(super) fn saturating_after(self, columns: usize) -> Self {
        Self { offset: self.offset + columns, width: self.width.saturating_sub(columns), ..self }
    }

    /// The space before so many columns at the end of the line.
    pub(super) fn before(self, columns: usize) -> Self {
        Self { width: self.width.saturating_sub(columns), ..self }
    }

    /// The text, if it fits on one line.
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
