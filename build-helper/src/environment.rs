//! The environment variables that this crate reads, all in one place.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf, absolute};

/// The values of the environment variables, read once for each call.
#[derive(Debug, Clone, Default)]
pub(crate) struct Environment {
    /// `OUT_DIR`
    pub(crate) out_dir: Option<PathBuf>,
    /// `PROTOC`
    pub(crate) protoc: Option<PathBuf>,
    /// `DOCS_RS`: this is a build on docs.rs, where only `OUT_DIR` is writable.
    pub(crate) docs_rs: bool,
    /// Whether this is a build script, whose standard output cargo reads. cargo sets `HOST` only for build scripts.
    pub(crate) build_script: bool,
    /// `RGRPC_REGENERATE`: a test that checks generated files writes them instead.
    pub(crate) regenerate: bool,
    /// `CARGO_PKG_NAME`: the package whose tests or build script cargo runs.
    pub(crate) package: Option<String>,
    /// `CARGO_MANIFEST_LINKS`: the key `links` of the package.
    pub(crate) links: Option<String>,
    /// `DEP_*_RGRPC`, sorted: the lists that the build scripts of direct dependencies published.
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

    /// Whether a path is below `OUT_DIR`.
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
