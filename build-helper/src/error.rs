//! The one error type: diagnostics in, a text that says what, where and what to do next out.

use std::path::Path;
use std::{fmt, io};

use rgrpc_codegen::breaking::Change;
use rgrpc_codegen::{Diagnostic, Errors};

use crate::compare::Difference;

/// What went wrong, for printing: every line that starts a diagnostic is `file:line:col: what`, then `help:`.
///
/// `Debug` prints the same text as `Display`, because that is what a `main` that returns the error prints.
///
/// ```
/// let error = rgrpc_build::configure().option("client", "maybe").compile_protos(&["a.proto"], &["."]).unwrap_err();
/// assert!(format!("{error:?}").contains("help: write client=<bool>"));
/// ```
#[derive(Clone)]
pub struct Error(String);

impl Error {
    /// What a test says of files that have to be generated again.
    pub(crate) fn stale(differences: &[Difference], package: Option<&str>) -> Self {
        let count = differences.len();
        let mut text = format!("{count} generated file{} out of date\n\n", if count == 1 { " is" } else { "s are" });
        for difference in differences {
            text.extend([&difference.to_string(), "\n"]);
        }
        let package = package.map_or(String::new(), |name| format!(" -p {name}"));
        Self(text + "  help: generate them again: RGRPC_REGENERATE=1 cargo test" + &package)
    }

    /// What a test says of changes that break an older version.
    pub(crate) fn breaking(changes: &[Change], old: &str) -> Self {
        let count = changes.len();
        let mut text = format!("{count} breaking change{} since `{old}`\n\n", if count == 1 { "" } else { "s" });
        for change in changes {
            text.extend([&change.to_string(), "\n"]);
        }
        Self(text + "\n  help: undo them, or excuse them with except(\"<RULE>\") or ignore(\"<RULE>=<path>\")")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

impl From<Errors> for Error {
    fn from(errors: Errors) -> Self {
        Self(errors.to_string())
    }
}

/// Lets a `main` that returns `io::Result`, as tonic's examples do, keep its type.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::other(error)
    }
}

/// ``cannot read `a.proto`: permission denied``
pub(crate) fn cannot(verb: &str, path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(format!("cannot {verb} `{}`: {error}", path.display()))
}
