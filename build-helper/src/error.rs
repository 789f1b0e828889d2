//! The error type of the crate: diagnostics, printed with their places and, for people, the lines of the files.

use std::{fmt, io};

#[cfg(feature = "breaking")]
use rgrpc_codegen::breaking::Change;
use rgrpc_codegen::{Diagnostic, Errors};

use crate::compare::Difference;
use crate::excerpt::Excerpts;

/// The error of every fallible method: one or more diagnostics.
///
/// `Display` prints each diagnostic as `file:line:col: message`, with the path of the file on disk, followed by a line `help: ...`. `Debug`,
/// which a `main` that returns the error prints, also shows the source line below each position.
///
/// ```
/// let error = rgrpc_build::configure().option("build_client", "maybe").compile_protos(&["a.proto"], &["."]).unwrap_err();
/// assert!(format!("{error:?}").contains("help: write build_client=<bool>"));
/// ```
#[derive(Clone)]
pub struct Error {
    text: String,
    /// The text with excerpts of the files.
    debug_text: String,
    diagnostics: Vec<Diagnostic>,
}

impl Error {
    /// Returns the diagnostics, sorted by position; none if a check found stale files or breaking changes.
    ///
    /// A position names its file by the path on disk, or by the name in the descriptor set.
    ///
    /// ```
    /// let error = rgrpc_build::configure().out_dir("out").compile_protos(&["gone.proto"], &["."]).unwrap_err();
    /// assert_eq!(error.diagnostics()[0].message, "`gone.proto` does not exist");
    /// ```
    #[must_use]
    pub fn diagnostics(&self) -> &[Diagnostic] {
        &self.diagnostics
    }

    /// Errors whose positions are in files on disk.
    pub(crate) fn in_files(errors: Errors) -> Self {
        let mut excerpts = Excerpts::default();
        let mut debug_text = count(&errors);
        for error in errors.as_slice() {
            debug_text.extend(["\n", &with_excerpts(error, &mut excerpts)]);
        }
        Self { debug_text, ..errors.into() }
    }

    /// The error of a check that found differences.
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
        let prune = if differences.iter().any(Difference::needs_prune) { "call prune(true), and " } else { "" };
        Self::plain(text + &format!("  help: {prune}regenerate them with `RGRPC_REGENERATE=1 cargo test{package}`"))
    }

    /// The error of a check that found breaking changes.
    #[cfg(feature = "breaking")]
    pub(crate) fn breaking(changes: &[Change], old: &str) -> Self {
        let count = changes.len();
        let mut text = format!("{count} breaking change{} since `{old}`\n\n", if count == 1 { "" } else { "s" });
        for change in changes {
            text.extend([&change.to_string(), "\n"]);
        }
        Self::plain(text + "\n  help: revert them, or allow them with except(\"<RULE>\") or ignore(\"<RULE>=<path>\")")
    }

    fn plain(text: String) -> Self {
        Self { debug_text: text.clone(), text, diagnostics: Vec::new() }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.debug_text)
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

/// A diagnostic with an excerpt below each of its positions.
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

/// Allows `?` in a `main` that returns `io::Result`, as in tonic's examples.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}
