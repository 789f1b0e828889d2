//! Lines in, a file's text out: indented, broken where they are too wide, with a blank line between items.

use super::wrap;

/// The text of a file below its header, while it is written.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    out: String,
    /// How many blocks are open.
    depth: usize,
    /// Whether the last line ends an item, or nothing is written yet.
    after_item: bool,
    /// An attribute that is not written yet, because the next may have to be added to it.
    derive: Option<String>,
}

impl Lines {
    /// The added lines, if any.
    pub(crate) fn finish(self) -> String {
        self.out
    }

    /// Adds a line.
    pub(super) fn add(&mut self, line: &str) {
        self.start(line);
        wrap::push(&mut self.out, self.depth, line);
        self.after_item = line.ends_with(';');
    }

    /// Adds a line that stays as it is, in the call of a macro.
    pub(super) fn add_verbatim(&mut self, line: &str) {
        wrap::push_parts(&mut self.out, self.depth, [line]);
    }

    /// Adds the start of a block, which ends with `{`.
    pub(super) fn open(&mut self, line: &str) {
        self.add(line);
        self.depth += 1;
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
        self.after_item = true;
    }

    /// Adds the lines of a doc comment; none where there is no text.
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

    /// Adds what has to be before a line: an attribute that waits, or a blank line between an item and the next.
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
