//! The lines of a file in, its text out, with a header.

use crate::emit::Lines;
use crate::header;
use crate::options::Options;

/// The text of a file made from `origin`, one or more `.proto` files, with `options`.
pub(crate) fn file(origin: &str, options: &Options, lines: Lines) -> String {
    header::add("//", origin, options, lines.finish())
}

/// The text of a file of TOML.
pub(crate) fn toml(origin: &str, options: &Options, text: &str) -> String {
    header::add("#", origin, options, format!("\n{text}"))
}
