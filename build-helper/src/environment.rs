//! What the process environment says, read once: nothing else in this crate looks at it.

use std::env;
use std::path::{Path, PathBuf, absolute};

/// The variables that matter here.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    /// `OUT_DIR`
    pub(crate) out_dir: Option<PathBuf>,
    /// `PROTOC`
    pub(crate) protoc: Option<PathBuf>,
    /// `DOCS_RS`: docs.rs builds here, and only `OUT_DIR` may be written.
    pub(crate) docs_rs: bool,
    /// Whether cargo reads standard output: it sets `HOST` for build scripts only.
    pub(crate) build_script: bool,
    /// `RGRPC_REGENERATE`: a test that compares generated files writes them instead.
    pub(crate) regenerate: bool,
    /// `CARGO_PKG_NAME`: the package whose tests or build script cargo runs.
    pub(crate) package: Option<String>,
}

impl Environment {
    pub(crate) fn read() -> Self {
        let path = |name| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
        let out_dir = path("OUT_DIR");
        Self {
            build_script: out_dir.is_some() && env::var_os("HOST").is_some(),
            protoc: path("PROTOC"),
            docs_rs: env::var_os("DOCS_RS").is_some(),
            regenerate: env::var_os("RGRPC_REGENERATE").is_some_and(|value| !value.is_empty() && value != "0"),
            package: env::var("CARGO_PKG_NAME").ok(),
            out_dir,
        }
    }

    /// Whether a path lies below `OUT_DIR`.
    pub(crate) fn owns(&self, path: &Path) -> bool {
        let below = |out_dir| Some(absolute(path).ok()?.starts_with(absolute(out_dir).ok()?));
        self.out_dir.as_ref().and_then(below).unwrap_or(false)
    }
}
