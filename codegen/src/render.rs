//! The parts of a file in, its text out: header, formatting, a blank line between items.

use syn::{File, Item};

use crate::emit::Lines;
use crate::header;
use crate::options::Options;

/// The text of a file made from `origin`, one or more `.proto` files, with `options`: lines, then items.
pub(crate) fn file(origin: &str, options: &Options, lines: Lines, items: Vec<Item>) -> String {
    let mut out = lines.finish();
    if !items.is_empty() {
        out.push('\n');
        space_out(
            &prettyplease::unparse(&File { shebang: None, frontmatter: None, attrs: Vec::new(), items }),
            &mut out,
        );
    }
    header::add("//", origin, options, out)
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
    STARTS.iter().any(|start| line.trim_start().starts_with(start))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}
