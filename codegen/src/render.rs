//! The parts of a file in, its text out: header, formatting, a blank line between items.

use std::fmt::Write as _;

use syn::{File, Item};

use crate::header;
use crate::options::Options;

/// The text of a file made from `origin`, one or more `.proto` files, with `options`.
///
/// Each part is items as they are formatted.
pub(crate) fn file(origin: &str, options: &Options, parts: impl IntoIterator<Item = String>) -> String {
    let mut out = String::new();
    for part in parts.into_iter().filter(|part| !part.is_empty()) {
        out.push('\n');
        space_out(&part, &mut out);
    }
    header::add("//", origin, options, out)
}

/// The text of items.
pub(crate) fn items(items: Vec<Item>) -> String {
    prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs: Vec::new(), items })
}

/// The text of a file of TOML.
pub(crate) fn toml(origin: &str, options: &Options, text: &str) -> String {
    header::add("#", origin, options, format!("\n{text}"))
}

/// Ends a line in a doc comment of several lines, which is one attribute as long as it is syntax: no comment has it left.
pub(crate) const LINE_END: &str = "\u{1}";

/// Puts a blank line between an item and the next of the same block, which prettyplease packs, and the lines of a doc
/// comment below each other.
fn space_out(text: &str, out: &mut String) {
    let mut previous = "";
    for line in text.lines() {
        if ends_item(previous) && starts_item(line) && indent(line) <= indent(previous) {
            out.push('\n');
        }
        let mut lines = line.split(LINE_END);
        out.extend(lines.next());
        for doc in lines {
            out.push('\n');
            out.push_str(&line[..indent(line)]);
            out.push_str("///");
            out.push_str(doc);
        }
        out.push('\n');
        previous = line;
    }
}

fn ends_item(line: &str) -> bool {
    (line.ends_with('}') || line.ends_with(';')) && !line.trim_start().starts_with("///")
}

fn starts_item(line: &str) -> bool {
    const STARTS: &[&str] =
        &["///", "#[", "pub ", "impl", "fn ", "async fn ", "const ", "type ", "::core::include!", "::rgrpc::"];
    STARTS.iter().any(|start| line.trim_start().starts_with(start))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

/// `text` with line numbers, for the report of our own bugs.
pub(crate) fn numbered(text: &str) -> String {
    text.lines().zip(1..).fold(String::new(), |mut out, (line, number)| {
        let _ = writeln!(out, "{number:>5} {line}");
        out
    })
}
