//! Turns I/O errors into diagnostics.

use std::io;
use std::path::Path;

use rgrpc_codegen::Diagnostic;

/// ``cannot read `a.proto`: permission denied``
pub(crate) fn io_error(verb: &str, path: &Path, error: &io::Error) -> Diagnostic {
    Diagnostic::new(format!("cannot {verb} `{}`: {error}", path.display()))
}
