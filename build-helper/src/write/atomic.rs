//! Bytes in, whole files out: every file is complete under another name before the first takes its place.

use std::borrow::Cow;
use std::fs;
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use rgrpc_codegen::Diagnostic;

use crate::io_error::io_error;
use crate::temporary::TemporaryFile;

/// A file, and what it is to hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct Write<'a> {
    pub(super) path: &'a Path,
    pub(super) bytes: &'a [u8],
    /// It takes the place of nothing, even if something has appeared there meanwhile.
    pub(super) is_new: bool,
}

pub(super) fn write_all<'a>(files: impl IntoIterator<Item = Write<'a>>) -> Result<(), Diagnostic> {
    let refuse =
        |write: Write, error: &io::Error| io_error("write", write.path, error).help("check the folder to write to");
    let mut complete = Vec::new();
    for write in files {
        let target = target(write.path).map_err(|error| refuse(write, &error))?;
        let file = temporary(&target, write.bytes).map_err(|error| refuse(write, &error))?;
        complete.push((write, file, target));
    }
    for (write, file, target) in complete {
        let placed = if write.is_new { file.add(&target) } else { file.replace(&target) };
        match placed {
            // Another process may be at the same work.
            Err(error) if error.kind() == ErrorKind::AlreadyExists && holds(&target, write.bytes) => {}
            placed => placed.map_err(|error| refuse(write, &error))?,
        }
    }
    Ok(())
}

/// The file that a path leads to: a symbolic link stays one.
fn target(path: &Path) -> io::Result<Cow<'_, Path>> {
    if path.is_symlink() { fs::canonicalize(path).map(Cow::Owned) } else { Ok(Cow::Borrowed(path)) }
}

fn holds(path: &Path, bytes: &[u8]) -> bool {
    fs::read(path).is_ok_and(|existing| existing == bytes)
}

/// A file beside `path`, with the permissions of the one that it replaces.
fn temporary(path: &Path, bytes: &[u8]) -> io::Result<TemporaryFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    let mut temporary = TemporaryFile::within(folder)?;
    temporary.file.write_all(bytes)?;
    if let Ok(replaced) = fs::metadata(path) {
        temporary.file.set_permissions(replaced.permissions())?;
    }
    Ok(temporary)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_appears_in_the_place_of_a_new_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, "mine").unwrap();
        let write = |bytes, is_new| write_all([Write { path: &path, bytes, is_new }]);
        assert!(write(b"generated", true).unwrap_err().message.starts_with("cannot write `"));
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        write(b"mine", true).unwrap();
        write(b"generated", false).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"generated");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
    }
}
