//! Bytes in, whole files out: every file is complete under another name before the first takes its place.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rgrpc_codegen::Diagnostic;

use crate::io_error::io_error;
use crate::temporary::TemporaryFile;

/// A file that is complete, but not yet in its place. Unless it is put there, it goes.
#[derive(Debug)]
pub(crate) struct Complete {
    /// The place, as the plan has it.
    path: PathBuf,
    /// It takes the place of nothing, even if something has appeared there meanwhile.
    is_new: bool,
    file: TemporaryFile,
}

impl Complete {
    pub(super) fn new(path: &Path, bytes: &[u8], is_new: bool, folders: &Folders) -> Result<Self, Diagnostic> {
        let refused = |error| refused(path, &error);
        let target = target(path).map_err(refused)?;
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folders.make(folder).map_err(refused)?;
        let file = TemporaryFile::within(folder, bytes).map_err(refused)?;
        if let Ok(replaced) = fs::metadata(&target) {
            file.set_permissions(replaced.permissions()).map_err(refused)?;
        }
        Ok(Self { path: path.to_owned(), is_new, file })
    }

    pub(super) fn put(self) -> Result<(), Diagnostic> {
        let put = || {
            let target = target(&self.path)?;
            match if self.is_new { self.file.add(&target) } else { self.file.replace(&target) } {
                // Another process may be at the same work.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && self.file.equals(&target) => Ok(()),
                put => put,
            }
        };
        put().map_err(|error| refused(&self.path, &error))
    }
}

fn refused(path: &Path, error: &io::Error) -> Diagnostic {
    io_error("write", path, error).help("check the folder to write to")
}

/// The file that a path leads to: a symbolic link stays one.
fn target(path: &Path) -> io::Result<Cow<'_, Path>> {
    if path.is_symlink() { fs::canonicalize(path).map(Cow::Owned) } else { Ok(Cow::Borrowed(path)) }
}

/// The folders that were made for files. Those in which nothing is in the end go.
#[derive(Debug, Default)]
pub(crate) struct Folders(Mutex<BTreeSet<PathBuf>>);

impl Folders {
    fn make(&self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(missing.map(Path::to_owned));
        fs::create_dir_all(folder)
    }
}

impl Drop for Folders {
    fn drop(&mut self) {
        let made = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        // A folder comes before those in it; the system keeps one in which something is.
        made.iter().rev().for_each(|folder| _ = fs::remove_dir(folder));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_appears_in_the_place_of_a_new_file_stays() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, "mine").unwrap();
        let folders = Folders::default();
        let write = |bytes, is_new| Complete::new(&path, bytes, is_new, &folders).and_then(Complete::put);
        assert!(write(b"generated", true).unwrap_err().message.starts_with("cannot write `"));
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        write(b"mine", true).unwrap();
        write(b"generated", false).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"generated");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
    }

    #[test]
    fn a_file_that_is_not_put_in_its_place_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let folders = Folders::default();
        let complete = |name| Complete::new(&folder.path().join(name), b"", true, &folders).unwrap();
        let files = (complete("a/b/c"), complete("a/d"), complete("e/f"), complete("e/g"));
        files.1.put().unwrap();
        drop((files.0, files.2, files.3));
        drop(folders);
        assert!(folder.path().join("a/d").is_file());
        assert!(!folder.path().join("a/b").exists() && !folder.path().join("e").exists());
    }
}
