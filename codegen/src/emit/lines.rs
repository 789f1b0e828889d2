//! Lines in, a file's text out: indented, broken where they are too wide, with a blank line between items.

use super::wrap;

/// The text of the messages of a package, while it is written.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    out: String,
    /// How many blocks are open.
    depth: usize,
    /// Whether the last line ends a block.
    after_block: bool,
}

impl Lines {
    /// What was added, if anything was.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Adds a line.
    pub(super) fn add(&mut self, line: &str) {
        self.space_out(line);
        wrap::push(&mut self.out, self.depth, line);
        self.after_block = self.out.ends_with("}\n");
    }

    /// Adds the start of a block, which ends with `{`.
    pub(super) fn open(&mut self, line: &str) {
        self.space_out(line);
        wrap::push(&mut self.out, self.depth, line);
        self.depth += 1;
        self.after_block = false;
    }

    /// Ends a block; one in which nothing is ends on the line that it starts on.
    pub(super) fn close(&mut self) {
        self.depth -= 1;
        if self.out.ends_with("{\n") {
            self.out.truncate(self.out.len() - "\n".len());
            self.out.push_str("}\n");
        } else {
            wrap::push_parts(&mut self.out, self.depth, ["}"]);
        }
        self.after_block = true;
    }

    /// Adds the lines of a doc comment.
    pub(super) fn docs<'l>(&mut self, lines: impl IntoIterator<Item = &'l str>) {
        self.space_out("///");
        for line in lines {
            wrap::push_parts(&mut self.out, self.depth, ["///", line]);
            self.after_block = false;
        }
    }

    /// Adds attributes that somebody wrote.
    pub(super) fn attributes(&mut self, attributes: &[String]) {
        for attributes in attributes {
            wrap::push_attributes(&mut self.out, self.depth, attributes);
        }
    }

    /// Adds a blank line between an item and the next, and before the first.
    fn space_out(&mut self, line: &str) {
        const STARTS: &[&str] = &["///", "#[", "pub ", "impl "];
        let is_first = self.out.is_empty();
        if is_first || self.after_block && STARTS.iter().any(|start| line.starts_with(start)) {
            self.out.push('\n');
        }
    }
}
