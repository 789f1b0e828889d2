//! The one error type: diagnostics in, a text that says what, where and what to do next out.

use std::{fmt, io};

#[cfg(feature = "breaking")]
use rgrpc_codegen::breaking::Change;
use rgrpc_codegen::{Diagnostic, Errors};

use crate::compare::Difference;
use crate::excerpt::Excerpts;

/// An error, for printing: every line that starts a diagnostic is `file:line:col: what`, with the path of the file on
/// disk, then `help:`.
///
/// `Debug`, which a `main` that returns the error prints, also shows the line of the file below each place.
///
/// ```
/// let error = rgrpc_build::configure().option("build_client", "maybe").compile_protos(&["a.proto"], &["."]).unwrap_err();
/// assert!(format!("{error:?}").contains("help: write build_client=<bool>"));
/// ```
#[derive(Clone)]
pub struct Error {
    text: String,
    /// The text with the lines of the files.
    shown: String,
    diagnostics: Vec<Diagnostic>,
}

impl Error {
    /// Returns everything that is wrong, sorted by place; nothing if what is wrong is on disk or in a comparison.
    ///
    /// The place of a diagnostic names the file by its path on disk, or as a descriptor set does.
    ///
    /// ```
    /// let error = rgrpc_build::configure().out_dir("out").compile_protos(&["gone.proto"], &["."]).unwrap_err();
    /// assert_eq!(error.diagnostics()[0].message, "`gone.proto` does not exist");
    /// ```
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Errors whose places are in files on disk.
    pub(crate) fn in_files(errors: Errors) -> Self {
        let mut excerpts = Excerpts::default();
        let mut shown = count(&errors);
        for error in errors.as_slice() {
            shown.extend(["\n", &with_excerpts(error, &mut excerpts)]);
        }
        Self { shown, ..errors.into() }
    }

    /// A test's message about files that must be generated again.
    pub(crate) fn stale(differences: &[Difference], package: Option<&str>) -> Self {
        let count = differences.len();
        let mut text = format!("{count} generated file{} out of date\n\n", if count == 1 { " is" } else { "s are" });
        for difference in differences {
            text.extend([&difference.to_string(), "\n"]);
        }
        if !Difference::all_can_be_repaired(differences) {
            return Self::plain(text.trim_end().to_owned());
        }
        let package = package.map_or(String::new(), |name| format!(" -p {name}"));
        let prune = if differences.iter().any(Difference::needs_prune) { ", with prune(true)" } else { "" };
        Self::plain(text + "  help: generate them again: RGRPC_REGENERATE=1 cargo test" + &package + prune)
    }

    /// A test's message about changes that break an older version.
    #[cfg(feature = "breaking")]
    pub(crate) fn breaking(changes: &[Change], old: &str) -> Self {
        let count = changes.len();
        let mut text = format!("{count} breaking change{} since `{old}`\n\n", if count == 1 { "" } else { "s" });
        for change in changes {
            text.extend([&change.to_string(), "\n"]);
        }
        Self::plain(text + "\n  help: undo them, or excuse them with except(\"<RULE>\") or ignore(\"<RULE>=<path>\")")
    }
}

impl Error {
    fn plain(text: String) -> Self {
        Self { shown: text.clone(), text, diagnostics: Vec::new() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.shown)
    }
}

impl std::error::Error for Error {}

impl From<Errors> for Error {
    fn from(errors: Errors) -> Self {
        Self { diagnostics: errors.as_slice().to_vec(), ..Self::plain(errors.to_string()) }
    }
}

/// `2 errors`
fn count(errors: &Errors) -> String {
    errors.to_string().lines().next().unwrap_or_default().to_owned()
}

/// A diagnostic with the line of the file below each of its places.
fn with_excerpts(diagnostic: &Diagnostic, excerpts: &mut Excerpts) -> String {
    let mut text = String::new();
    for (number, line) in diagnostic.to_string().lines().enumerate() {
        text.extend([if number == 0 { "" } else { "\n" }, line]);
        let position = match &diagnostic.note {
            _ if number == 0 => diagnostic.position.as_ref(),
            Some(note) if line.starts_with("  note: ") => Some(&note.position),
            _ => None,
        };
        if let Some(excerpt) = position.and_then(|position| excerpts.of(position)) {
            text.extend(["\n", &excerpt]);
        }
    }
    text
}

/// Lets a `main` that returns `io::Result`, as tonic's examples do, keep its type.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}
