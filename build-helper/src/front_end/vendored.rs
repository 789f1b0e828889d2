//! The protoc that the cargo feature `vendored-protoc` carries: its path, or what to do to have one.

use std::path::PathBuf;

#[cfg(feature = "vendored-protoc")]
pub(super) fn protoc() -> Result<PathBuf, &'static str> {
    protoc_bin_vendored::protoc_bin_path().map_err(|_| "the vendored protoc does not run on this system")
}

#[cfg(not(feature = "vendored-protoc"))]
pub(super) fn protoc() -> Result<PathBuf, &'static str> {
    Err("enable the feature `vendored-protoc` of rgrpc-build")
}
