//! Errors of the input in, their text out: on a terminal with colours, and the lines of the files.

use std::fmt::Write as _;
use std::io::{self, IsTerminal};

use anstyle::{AnsiColor, Style};
use rgrpc_build::Diagnostic;

use crate::arguments::Format;
use crate::{json, output};

/// The reason why a run failed.
pub(crate) enum Failure {
    /// Errors of the input, or of the machine.
    Input(rgrpc_build::Error),
    /// The program cannot be used like that, or cannot print.
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
    /// Prints it, behind the name of the program.
    pub(crate) fn print(&self, format: Format) {
        match self {
            Self::Input(error) if format == Format::Json => print_json(error.diagnostics()),
            Self::Program(error) if format == Format::Json => print_json(&[diagnostic(error)]),
            Self::Input(error) => anstream::eprintln!("protoc-gen-rgrpc: {}", text(error)),
            Self::Program(error) => anstream::eprintln!("protoc-gen-rgrpc: {error}"),
        }
    }

    /// Prints it as compilers do.
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

/// The text of an error as its parts.
fn diagnostic(error: &str) -> Diagnostic {
    match error.split_once("\n  help: ") {
        Some((message, help)) => Diagnostic::new(message).help(help),
        None => Diagnostic::new(error),
    }
}

/// Why a command line is refused, and what to do: clap says it in paragraphs, each behind a word.
pub(crate) fn refusal(error: &clap::Error) -> String {
    let text = error.render().to_string();
    let paragraphs: Vec<_> =
        text.split("\n\n").map(|lines| lines.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    let behind =
        |word: &str| paragraphs.iter().filter_map(|text| text.strip_prefix(word)).collect::<Vec<_>>().join("; ");
    let (message, tips, usage) = (behind("error: "), behind("tip: "), behind("Usage: "));
    match (tips.is_empty(), usage.is_empty()) {
        (false, _) => format!("{message}\n  help: {tips}"),
        (true, false) => format!("{message}\n  help: write {usage}"),
        (true, true) => message,
    }
}

/// The text, for [`anstream`] to print; for a program, only the lines that start with a place.
fn text(error: &rgrpc_build::Error) -> String {
    if io::stderr().is_terminal() { styled(&format!("{error:?}")) } else { error.to_string() }
}

/// The same without the count, as compilers print errors: the first line has a place already.
fn lines(error: &rgrpc_build::Error) -> String {
    let text = text(error);
    text.split_once('\n').map_or(&*text, |(_, lines)| lines).to_owned()
}

fn styled(text: &str) -> String {
    let mut styled = String::new();
    for (number, line) in text.lines().enumerate() {
        let style = style(line);
        let separator = if number == 0 { "" } else { "\n" };
        let _ = write!(styled, "{separator}{style}{line}{style:#}");
    }
    styled
}

/// Lines that start a diagnostic stand out, and the marks below the lines of files.
fn style(line: &str) -> Style {
    let color = |color: AnsiColor| Style::new().fg_color(Some(color.into()));
    match line.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit()) {
        rest if rest.starts_with("| ") && rest.trim_end().ends_with('^') => color(AnsiColor::Red),
        rest if rest.starts_with("| ") => Style::new(),
        rest if rest.starts_with("help: ") => color(AnsiColor::Cyan),
        rest if rest.starts_with("note: ") => color(AnsiColor::Green),
        _ => Style::new().bold(),
    }
}
