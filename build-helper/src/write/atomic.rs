//! Stages files under hidden names beside their targets, so that each target is replaced at once and as a whole.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rgrpc_codegen::Diagnostic;

use crate::io_error::io_error;
use crate::temporary::TemporaryFile;

/// A complete file that waits beside its target. Dropping it removes the file.
#[derive(Debug)]
pub(crate) struct StagedFile {
    /// The target, as planned.
    path: PathBuf,
    /// Whether the target must not exist yet, even if a file has appeared there since.
    is_new: bool,
    file: TemporaryFile,
}

impl StagedFile {
    pub(super) fn new(path: &Path, bytes: &[u8], is_new: bool, folders: &CreatedFolders) -> Result<Self, Diagnostic> {
        let failure = |error| write_failure(path, &error);
        let target = target(path).map_err(failure)?;
        let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        folders.create(folder).map_err(failure)?;
        let file = TemporaryFile::within(folder, bytes).map_err(failure)?;
        if let Ok(replaced) = fs::metadata(&target) {
            file.set_permissions(replaced.permissions()).map_err(failure)?;
        }
        Ok(Self { path: path.to_owned(), is_new, file })
    }

    /// Moves the file to its target.
    pub(super) fn commit(self) -> Result<(), Diagnostic> {
        let commit = || {
            let target = target(&self.path)?;
            match if self.is_new { self.file.add(&target) } else { self.file.replace(&target) } {
                // Another process may have written the same file meanwhile.
                Err(error) if error.kind() == ErrorKind::AlreadyExists && self.file.equals(&target) => Ok(()),
                result => result,
            }
        };
        commit().map_err(|error| write_failure(&self.path, &error))
    }
}

fn write_failure(path: &Path, error: &io::Error) -> Diagnostic {
    io_error("write", path, error).help("check the output folder")
}

/// The file that a path leads to: a symbolic link is followed, so that it stays a link.
fn target(path: &Path) -> io::Result<Cow<'_, Path>> {
    if path.is_symlink() { fs::canonicalize(path).map(Cow::Owned) } else { Ok(Cow::Borrowed(path)) }
}

/// The folders that were created for files. Dropping it removes those that are empty.
#[derive(Debug, Default)]
pub(crate) struct CreatedFolders(Mutex<BTreeSet<PathBuf>>);

impl CreatedFolders {
    fn create(&self, folder: &Path) -> io::Result<()> {
        let missing = folder.ancestors().take_while(|folder| !folder.as_os_str().is_empty() && !folder.exists());
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(missing.map(Path::to_owned));
        fs::create_dir_all(folder)
    }
}

impl Drop for CreatedFolders {
    fn drop(&mut self) {
        let created = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        // In reverse order, a folder comes after those in it. `remove_dir` fails for a folder that is not empty.
        created.iter().rev().for_each(|folder| _ = fs::remove_dir(folder));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_appears_at_the_target_of_a_new_file_is_not_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.rs");
        fs::write(&path, "mine").unwrap();
        let folders = CreatedFolders::default();
        let write = |bytes, is_new| StagedFile::new(&path, bytes, is_new, &folders).and_then(StagedFile::commit);
        assert!(write(b"generated", true).unwrap_err().message.starts_with("cannot write `"));
        assert_eq!(fs::read(&path).unwrap(), b"mine");
        write(b"mine", true).unwrap();
        write(b"generated", false).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"generated");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "a temporary file is left");
    }

    #[test]
    fn staged_files_that_are_not_committed_leave_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let folders = CreatedFolders::default();
        let stage = |name| StagedFile::new(&folder.path().join(name), b"", true, &folders).unwrap();
        let files = (stage("a/b/c"), stage("a/d"), stage("e/f"), stage("e/g"));
        files.1.commit().unwrap();
        drop((files.0, files.2, files.3));
        drop(folders);
        assert!(folder.path().join("a/d").is_file());
        assert!(!folder.path().join("a/b").exists() && !folder.path().join("e").exists());
    }
}
