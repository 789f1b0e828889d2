//! Prints errors: for people, in colour and with source lines if standard error is a terminal; for programs, as JSON.

use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Style};
use rgrpc_build::Diagnostic;

use crate::arguments::Format;
use crate::style::{self, BOLD, color};
use crate::{json, output};

/// The reason why a run failed.
pub(crate) enum Failure {
    /// The input is invalid, or an I/O error occurred while generating.
    Input(rgrpc_build::Error),
    /// The command line is invalid, or its output cannot be written.
    Program(String),
}

impl From<rgrpc_build::Error> for Failure {
    fn from(error: rgrpc_build::Error) -> Self {
        Self::Input(error)
    }
}

impl From<String> for Failure {
    fn from(error: String) -> Self {
        Self::Program(error)
    }
}

impl Failure {
    /// Prints it, prefixed with the name of the program.
    pub(crate) fn print(&self, format: Format) {
        match self {
            Self::Input(error) if format == Format::Json => print_json(error.diagnostics()),
            Self::Program(error) if format == Format::Json => print_json(&[diagnostic(error)]),
            Self::Input(error) => anstream::eprintln!("protoc-gen-rgrpc: {}", text(error)),
            Self::Program(error) => anstream::eprintln!("protoc-gen-rgrpc: {error}"),
        }
    }

    /// Prints it as compilers do: each line of standard error starts with a position.
    pub(crate) fn print_lines(&self, format: Format) {
        match self {
            Self::Input(error) if format == Format::Text => anstream::eprintln!("{}", lines(error)),
            _ => self.print(format),
        }
    }
}

fn print_json(errors: &[Diagnostic]) {
    let objects = errors.iter().map(|error| json::diagnostic("error", error));
    if let Err(error) = output::text(&json::lines(objects)) {
        Failure::Program(error).print(Format::Text);
    }
}

/// Splits the text of an error into message and help.
fn diagnostic(error: &str) -> Diagnostic {
    match error.split_once("\n  help: ") {
        Some((message, help)) => Diagnostic::new(message).help(help),
        None => Diagnostic::new(error),
    }
}

/// The message and the help of a parse error. clap prints them as paragraphs, each after a keyword.
pub(crate) fn parse_error(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let paragraphs: Vec<_> =
        text.split("\n\n").map(|lines| lines.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let after =
        |keyword: &str| paragraphs.iter().filter_map(|text| text.strip_prefix(keyword)).collect::<Vec<_>>().join("; ");
    let (message, tips, usage) = (after("error: "), after("tip: "), after("Usage: "));
    match (tips.is_empty(), usage.is_empty()) {
        (false, _) => format!("{message}\n  help: {tips}"),
        (true, false) => format!("{message}\n  help: write {usage}"),
        (true, true) => message,
    }
}

/// The text of an error; on a terminal, with styles and source lines.
fn text(error: &rgrpc_build::Error) -> String {
    if io::stderr().is_terminal() {
        style::lines(&format!("{error:?}"), |_, line| line_style(line))
    } else {
        error.to_string()
    }
}

/// The same without the count in the first line.
fn lines(error: &rgrpc_build::Error) -> String {
    let text = text(error);
    text.split_once('\n').map_or(&*text, |(_, lines)| lines).to_owned()
}

/// Highlights the first line of each diagnostic, its help, its note, and the carets below source lines.
fn line_style(line: &str) -> Style {
    match line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit()) {
        rest if rest.starts_with("| ") && rest.trim_end().ends_with('^') => color(AnsiColor::Red),
        rest if rest.starts_with("| ") => Style::new(),
        rest if rest.starts_with("help: ") => color(AnsiColor::Cyan),
        rest if rest.starts_with("note: ") => color(AnsiColor::Green),
        _ => BOLD,
    }
}
