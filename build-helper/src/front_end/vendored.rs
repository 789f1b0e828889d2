//! The protoc of the cargo feature `vendored-protoc`; none without the feature, or if no protoc is vendored for this platform.

use std::path::PathBuf;

#[cfg(feature = "vendored-protoc")]
pub(super) fn protoc() -> Option<PathBuf> {
    protoc_bin_vendored::protoc_bin_path().ok()
}

#[cfg(not(feature = "vendored-protoc"))]
pub(super) fn protoc() -> Option<PathBuf> {
    None
}
