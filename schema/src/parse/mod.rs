//! Parses the text of a `.proto` file to a [`File`], as protoc's parser does: names stay unresolved, options uninterpreted.
//!
//! The grammar is that of the language specifications on protobuf.dev, as protoc implements them. After a statement that does not
//! parse, the parser goes on with the next one, so that it reports every mistake in a file.

mod aggregate;
mod default;
mod enumeration;
mod extend;
mod extensions;
mod field;
mod file;
pub mod float;
mod group;
mod import;
mod lexer;
mod locations;
mod map;
mod message;
mod oneof;
mod option;
mod option_value;
mod parser;
mod report;
mod reserved;
mod service;
mod syntax;
mod types;

use crate::Diagnostic;
use crate::file::File;
use lexer::LineColumn;
use report::ParseReport;

pub use lexer::unescaped;
pub(crate) use lexer::{integer, unescape};

/// The largest text that [`parse`] accepts, in bytes: 256 MiB.
pub const MAX_TEXT_LEN: usize = 1 << 28;

/// The result of [`parse`].
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The file; if there are errors, only the statements that did parse.
    pub file: File,
    /// The errors that protoc's parser reports, on the same lines, in the order in which they were found.
    pub errors: Vec<Diagnostic>,
    /// The warnings, in the order in which they were found.
    pub warnings: Vec<Diagnostic>,
}

/// Parses the text of a `.proto` file. `name` is the name under which other files import it, and appears in errors.
///
/// Any text is safe to parse: messages nest at most 31 deep, a text has at most [`MAX_TEXT_LEN`] bytes, and after 1000 errors further ones
/// are dropped.
///
/// ```
/// let parsed = rgrpc_schema::parse("user.proto", b"syntax = \"proto3\"; message User { string name = 1; }");
/// assert_eq!(parsed.errors, []);
/// assert_eq!(parsed.file.messages[0].fields[0].name.value, "name");
///
/// let parsed = rgrpc_schema::parse("user.proto", b"syntax = \"proto3\";\nmessage User { string name 1; }");
/// assert_eq!(parsed.errors[0].to_string(), "user.proto:2:28: expected `=` and the field's number, found `1`");
/// ```
#[must_use]
pub fn parse(name: &str, text: &[u8]) -> Parsed {
    let mut report = ParseReport::new(name);
    let mut file = File { name: name.to_owned(), ..File::default() };
    if text.len() > MAX_TEXT_LEN {
        let message = format!("the file has {} bytes, more than the limit of {MAX_TEXT_LEN}", text.len());
        report.error(LineColumn::default(), message);
    } else {
        report = parser::Parser::new(text, report).file(&mut file);
    }
    Parsed { file, errors: report.errors, warnings: report.warnings }
}
