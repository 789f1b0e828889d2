//! Bytes in, whole files out: every file is complete under another name before the first takes its place.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use rgrpc_codegen::Diagnostic;
use tempfile::NamedTempFile;

use crate::error::cannot;

pub(super) fn write_all<'a>(files: impl IntoIterator<Item = (&'a Path, &'a [u8])>) -> Result<(), Diagnostic> {
    let refuse = |path: &Path, error: &io::Error| cannot("write", path, error).help("check the folder to write to");
    let mut complete = Vec::new();
    for (path, bytes) in files {
        complete.push((temporary(path, bytes).map_err(|error| refuse(path, &error))?, path));
    }
    for (file, path) in complete {
        file.persist(path).map_err(|error| refuse(path, &error.error))?;
    }
    Ok(())
}

/// A file beside `path`: a rename is atomic within a folder only.
fn temporary(path: &Path, bytes: &[u8]) -> io::Result<NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut file = public().tempfile_in(folder)?;
    file.write_all(bytes)?;
    Ok(file)
}

/// A temporary file is private unless told otherwise, and the rename keeps that; the umask still applies.
#[cfg(unix)]
fn public() -> tempfile::Builder<'static, 'static> {
    use std::os::unix::fs::PermissionsExt as _;
    let mut builder = tempfile::Builder::new();
    builder.permissions(fs::Permissions::from_mode(0o666));
    builder
}

/// A file on Windows has the permissions of its folder.
#[cfg(not(unix))]
fn public() -> tempfile::Builder<'static, 'static> {
    tempfile::Builder::new()
}
