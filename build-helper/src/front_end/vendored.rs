//! The protoc that the cargo feature `vendored-protoc` carries; nothing without it, or where that protoc does not run.

use std::path::PathBuf;

#[cfg(feature = "vendored-protoc")]
pub(super) fn protoc() -> Option<PathBuf> {
    protoc_bin_vendored::protoc_bin_path().ok()
}

#[cfg(not(feature = "vendored-protoc"))]
pub(super) fn protoc() -> Option<PathBuf> {
    None
}
