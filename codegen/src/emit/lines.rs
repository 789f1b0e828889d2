//! Builds the text of a file from lines: indents them, wraps those that are too wide, and puts blank lines between items.

use super::wrap;

/// The text of a file below its header, as written so far.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    out: String,
    /// How many blocks are open.
    depth: usize,
    /// Whether the last line ends an item.
    after_item: bool,
    /// A `derive` that is not written yet, because the next attribute may be merged into it.
    derive: Option<String>,
}

impl Lines {
    /// Returns the text.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Adds a line.
    pub(super) fn add(&mut self, line: &str) {
        self.start(line);
        wrap::push(&mut self.out, self.depth, line);
        self.after_item = line.ends_with(';');
    }

    /// Adds a line without wrapping it, within the call of a macro.
    pub(super) fn add_verbatim(&mut self, line: &str) {
        wrap::push_parts(&mut self.out, self.depth, [line]);
    }

    /// Adds a line that ends with `{`, and opens a block.
    pub(super) fn open(&mut self, line: &str) {
        self.add(line);
        self.depth += 1;
    }

    /// Closes a block. An empty one is closed on the line that opens it.
    pub(super) fn close(&mut self) {
        self.depth -= 1;
        if self.out.ends_with("{\n") {
            self.out.truncate(self.out.len() - "\n".len());
            self.out.push_str("}\n");
        } else {
            wrap::push_parts(&mut self.out, self.depth, ["}"]);
        }
        self.after_item = true;
    }

    /// Adds the lines of a doc comment.
    pub(super) fn docs(&mut self, text: &str) {
        text.lines().for_each(|line| self.doc(line));
    }

    /// Adds a line of a doc comment.
    pub(super) fn doc(&mut self, line: &str) {
        self.start("///");
        wrap::push_parts(&mut self.out, self.depth, ["///", line.trim_end()]);
    }

    /// Adds an attribute.
    pub(super) fn attribute(&mut self, attribute: &str) {
        let merged = self.derive.as_deref().and_then(|derive| wrap::merge(derive, attribute));
        if let Some(merged) = merged {
            self.derive = Some(merged);
        } else if attribute.starts_with("#[derive(") {
            self.derive = Some(attribute.to_owned());
        } else {
            self.add(attribute);
        }
    }

    /// Adds what precedes a line: the pending `derive`, and the blank line between two items.
    fn start(&mut self, line: &str) {
        const STARTS: &[&str] = &[
            "///",
            "#[",
            "pub ",
            "impl",
            "fn ",
            "async fn ",
            "const ",
            "static ",
            "type ",
            "::core::include!",
            "::rgrpc::",
        ];
        if let Some(derive) = self.derive.take() {
            self.add(&derive);
        }
        let is_first = self.out.is_empty();
        if is_first || self.after_item && STARTS.iter().any(|start| line.starts_with(start)) {
            self.out.push('\n');
        }
        self.after_item = false;
    }
}
