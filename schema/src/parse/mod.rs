//! Text to [`File`], as protoc's own parser makes it: names are unresolved, options uninterpreted.
//!
//! The grammar is that of protobuf.dev's language specifications, and what protoc makes of them. A file with several
//! mistakes reports each: behind a statement that does not parse, the next one is tried.

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

/// The longest text, in bytes.
pub const LONGEST_TEXT: usize = 1 << 28;

/// The file that a text declares, and its errors.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Parsed {
    /// The part that was understood; if there are errors, not the whole file.
    pub file: File,
    /// In the order in which they were found; those of protoc's parser, on the same lines.
    pub errors: Vec<Diagnostic>,
    /// In the order in which they were found.
    pub warnings: Vec<Diagnostic>,
}

/// Parses a `.proto` file; `name` is what others import it by, and what errors call it.
///
/// It ends for any text: a message may have 31 messages around it, a text [`LONGEST_TEXT`] bytes, and of more than 1000 errors
/// the first are reported.
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
    if text.len() > LONGEST_TEXT {
        let message = format!("the file has {} bytes, and the most is {LONGEST_TEXT}", text.len());
        report.error(LineColumn::default(), message);
    } else {
        report = parser::Parser::new(text, report).file(&mut file);
    }
    Parsed { file, errors: report.errors, warnings: report.warnings }
}
