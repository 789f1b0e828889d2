//! prost's text in, the same text out with what is added to it on the way.

use std::borrow::Cow;
use std::iter::Peekable;
use std::vec::IntoIter;

use super::layout;
use super::unbroken::unbroken;

/// The text of one file, while it is read.
pub(super) struct Page<'a> {
    rest: Peekable<IntoIter<Cow<'a, str>>>,
    /// How many blocks are open.
    depth: usize,
    out: String,
}

impl<'a> Page<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        let mut page = Self { rest: unbroken(text).into_iter().peekable(), depth: 0, out: String::new() };
        while page.next_if(|line| line.starts_with("// ")).is_some() {}
        page
    }

    /// What was read and what was added.
    pub(super) fn finish(mut self) -> String {
        match self.rest.next() {
            None => self.out,
            Some(line) => panic!("rgrpc-codegen bug: prost also emitted {line:?}"),
        }
    }

    /// Adds a line; a block in which nothing is ends on the line that it starts on.
    pub(super) fn add(&mut self, line: &str) {
        if line == "}" {
            self.depth -= 1;
            if self.out.ends_with("{\n") {
                self.out.truncate(self.out.len() - "\n".len());
                self.out.push_str("}\n");
                return;
            }
        }
        layout::push(&mut self.out, self.depth, line);
        if line.ends_with('{') {
            self.depth += 1;
        }
    }

    /// Adds the lines of a doc comment.
    pub(super) fn add_docs<'l>(&mut self, lines: impl IntoIterator<Item = &'l str>) {
        lines.into_iter().for_each(|line| layout::push_parts(&mut self.out, self.depth, ["///", line]));
    }

    /// Adds attributes that somebody wrote.
    pub(super) fn add_attributes(&mut self, attributes: &str) {
        layout::push_attributes(&mut self.out, self.depth, attributes);
    }

    /// Leaves out the docs that come next.
    pub(super) fn skip_docs(&mut self) {
        while self.next_if(|line| line.starts_with("///")).is_some() {}
    }

    /// Copies the attributes that come next.
    pub(super) fn copy_attributes(&mut self) {
        self.edit_attributes(|line| line.into());
    }

    /// Copies the attributes that come next, each edited.
    pub(super) fn edit_attributes(&mut self, edit: impl Fn(&str) -> Cow<'_, str>) {
        while let Some(line) = self.next_if(|line| line.starts_with("#[")) {
            self.add(&edit(&line));
        }
    }

    /// Copies the lines that come next, each edited, and the end of their block.
    pub(super) fn edit_block(&mut self, edit: impl Fn(&str) -> Cow<'_, str>) {
        while let Some(line) = self.next_if(|line| line != "}") {
            self.add(&edit(&line));
        }
        self.copy("}");
    }

    /// Copies the line that comes next and starts like this.
    pub(super) fn copy(&mut self, start: &str) {
        match self.next_if(|line| line.starts_with(start)) {
            Some(line) => self.add(&line),
            None => panic!("rgrpc-codegen bug: prost emitted {:?}, not `{start}`", self.rest.peek()),
        }
    }

    /// Copies the variant that comes next, edited.
    pub(super) fn edit_variant(&mut self, edit: impl FnOnce(&str) -> Cow<'_, str>) {
        match self.next_if(|line| line.starts_with(|c: char| c.is_alphabetic() || c == '_')) {
            Some(line) => self.add(&edit(&line)),
            None => panic!("rgrpc-codegen bug: prost emitted {:?}, not a variant", self.rest.peek()),
        }
    }

    /// The next line, if it is such a line.
    fn next_if(&mut self, is: impl FnOnce(&str) -> bool) -> Option<Cow<'a, str>> {
        self.rest.next_if(|line| is(line))
    }
}
