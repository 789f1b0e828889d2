//! The one error type: diagnostics in, a text that says what, where and what to do next out.

use std::path::Path;
use std::{fmt, io};

use rgrpc_codegen::{Diagnostic, Errors};

/// What went wrong, for printing: every line that starts a diagnostic is `file:line:col: what`, then `help:`.
///
/// `Debug` prints the same text as `Display`, because that is what a `main` that returns the error prints.
///
/// ```
/// let error = rgrpc_build::configure().option("client", "maybe").compile_protos(&["a.proto"], &["."]).unwrap_err();
/// assert!(format!("{error:?}").contains("help: write client=<bool>"));
/// ```
#[derive(Clone)]
pub struct Error(Errors);

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl std::error::Error for Error {}

impl From<Errors> for Error {
    fn from(errors: Errors) -> Self {
        Self(errors)
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
