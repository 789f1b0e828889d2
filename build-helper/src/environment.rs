//! The process environment, read once: nothing else in this crate looks at it.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
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
    /// `CARGO_MANIFEST_LINKS`: the key `links` of the package.
    pub(crate) links: Option<String>,
    /// `DEP_*_RGRPC`, sorted: what the build scripts of the direct dependencies published.
    pub(crate) published: Vec<PathBuf>,
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
            links: env::var("CARGO_MANIFEST_LINKS").ok(),
            published: published(),
            out_dir,
        }
    }

    /// Whether a path lies below `OUT_DIR`.
    pub(crate) fn owns(&self, path: &Path) -> bool {
        let below = |out_dir| Some(absolute(path).ok()?.starts_with(absolute(out_dir).ok()?));
        self.out_dir.as_ref().and_then(below).unwrap_or(false)
    }
}

fn published() -> Vec<PathBuf> {
    let of_links =
        |name: &OsString| name.to_str().is_some_and(|name| name.starts_with("DEP_") && name.ends_with("_RGRPC"));
    let variables: BTreeMap<OsString, OsString> = env::vars_os().filter(|(name, _)| of_links(name)).collect();
    variables.into_values().map(PathBuf::from).collect()
}
