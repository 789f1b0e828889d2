//! Temporary files and folders, which are created under unused names and removed when they are dropped.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, process};

/// The age at which a file is abandoned if its process has ended. It is not 0, because the process may run in another container.
const MAX_AGE_OF_ENDED: Duration = Duration::from_secs(60);

/// The age at which any file is abandoned.
const MAX_AGE: Duration = Duration::from_secs(60 * 60);

/// The largest number of names that are tried.
const MAX_TRIES: usize = 1000;

/// A file that is removed when it is dropped, unless it was renamed. It is closed, because there may be more files than a process may open.
#[derive(Debug)]
pub(crate) struct TemporaryFile(PathBuf);

/// A folder that is removed with its contents when it is dropped.
#[derive(Debug)]
pub(crate) struct TemporaryFolder(PathBuf);

impl TemporaryFile {
    /// Creates a file in the folder of its later target, because a rename is only atomic within a file system. Its name is hidden, and
    /// contains the process, so that a later run can remove the file if this one crashes.
    pub(crate) fn within(folder: &Path, contents: &[u8]) -> io::Result<Self> {
        let (path, mut file) =
            create_unused(folder, |path| OpenOptions::new().write(true).create_new(true).open(path))?;
        let created = Self(path);
        file.write_all(contents)?;
        Ok(created)
    }

    pub(crate) fn set_permissions(&self, permissions: Permissions) -> io::Result<()> {
        fs::set_permissions(&self.0, permissions)
    }

    /// Moves the file to a path, and replaces an existing file.
    pub(crate) fn replace(&self, path: &Path) -> io::Result<()> {
        fs::rename(&self.0, path)
    }

    /// Moves the file to a path, and fails if a file exists there.
    pub(crate) fn add(&self, path: &Path) -> io::Result<()> {
        match fs::hard_link(&self.0, path) {
            // Not every file system supports hard links.
            Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.is_symlink() && !path.exists() => {
                self.replace(path)
            }
            linked => linked,
        }
    }

    /// Whether the file at a path has the same contents.
    pub(crate) fn equals(&self, path: &Path) -> bool {
        fs::read(path).ok().zip(fs::read(&self.0).ok()).is_some_and(|(existing, own)| existing == own)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // This fails if the file was renamed.
        let _ = fs::remove_file(&self.0);
    }
}

impl TemporaryFolder {
    /// Creates a folder in the system's folder for temporary files, which only this user can access.
    pub(crate) fn new() -> io::Result<Self> {
        create_unused(&env::temp_dir(), |path| private().create(path)).map(|(path, ())| Self(path))
    }

    pub(crate) fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Removes the temporary files of interrupted runs from a folder, but not those of a run that may still be active. Errors are ignored.
pub(crate) fn remove_abandoned(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(process_of) else { continue };
        // `DirEntry::metadata` does not follow symbolic links.
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file);
        let age = metadata.and_then(|metadata| metadata.modified().ok()?.elapsed().ok());
        if age.is_some_and(|age| age > MAX_AGE || age > MAX_AGE_OF_ENDED && has_ended(process)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The process that created a temporary file of this name; `None` for any other file.
fn process_of(name: &str) -> Option<u32> {
    let mut parts = name.strip_prefix(".rgrpc-")?.split('-');
    let (process, number, clock) = (parts.next()?, parts.next()?, parts.next()?);
    let is_ours = parts.next().is_none() && number.parse::<u32>().is_ok() && u32::from_str_radix(clock, 16).is_ok();
    process.parse().ok().filter(|_| is_ours)
}

/// Whether a process is known to have ended. Only on Linux can this be read from the file system.
fn has_ended(process: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self/stat").exists() && !processes.join(process.to_string()).exists()
}

#[cfg(unix)]
fn private() -> DirBuilder {
    use std::os::unix::fs::DirBuilderExt as _;
    let mut builder = DirBuilder::new();
    builder.mode(0o700);
    builder
}

/// On other systems, the folder for temporary files belongs to the user.
#[cfg(not(unix))]
fn private() -> DirBuilder {
    DirBuilder::new()
}

/// Creates a file or a folder under an unused name.
fn create_unused<T>(folder: &Path, create: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    for _ in 0..MAX_TRIES {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".rgrpc-{}-{number}-{clock:x}", process::id()));
        match create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            result => return result.map(|created| (path, created)),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "found no unused name for a temporary file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_renamed_or_removed() {
        let folder = TemporaryFolder::new().unwrap();
        let target = folder.path().join("a");
        let count = || fs::read_dir(folder.path()).unwrap().count();
        let file = |content| TemporaryFile::within(folder.path(), content).unwrap();
        drop(file(b""));
        assert_eq!(count(), 0);
        file(b"1").add(&target).unwrap();
        assert!(file(b"1").equals(&target) && !file(b"2").equals(&target));
        let refused = file(b"2").add(&target);
        assert_eq!(refused.unwrap_err().kind(), ErrorKind::AlreadyExists);
        file(b"2").replace(&target).unwrap();
        assert_eq!(count(), 1);
    }

    #[test]
    fn abandoned_files_are_recognized_by_name_process_and_age() {
        let own = process::id();
        let ended = u32::MAX;
        for (name, age, stays) in [
            (format!(".rgrpc-{own}-0-1f"), MAX_AGE / 2, true),
            (format!(".rgrpc-{own}-0-1f"), MAX_AGE * 2, false),
            (format!(".rgrpc-{ended}-0-1f"), MAX_AGE_OF_ENDED / 2, true),
            (format!(".rgrpc-{ended}-0-1f"), MAX_AGE_OF_ENDED * 2, !cfg!(target_os = "linux")),
            (format!(".rgrpc-{ended}-0"), MAX_AGE * 2, true),
            (format!(".rgrpc-{ended}-0-1f-2"), MAX_AGE * 2, true),
            (format!(".rgrpc-{ended}-0-1f.rs"), MAX_AGE * 2, true),
            (format!("rgrpc-{ended}-0-1f"), MAX_AGE * 2, true),
            (".rgrpc-mine-0-1f".to_owned(), MAX_AGE * 2, true),
            (".mod.rs.rgrpc".to_owned(), MAX_AGE * 2, true),
        ] {
            let folder = TemporaryFolder::new().unwrap();
            let path = folder.path().join(&name);
            let file = fs::File::create(&path).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
            remove_abandoned(folder.path());
            assert_eq!(path.exists(), stays, "{name} after {age:?}");
        }
    }

    #[test]
    fn a_folder_is_removed_with_its_contents() {
        let folder = TemporaryFolder::new().unwrap();
        let (path, below) = (folder.path().to_owned(), folder.path().join("a/b"));
        fs::create_dir_all(below).unwrap();
        assert_ne!(TemporaryFolder::new().unwrap().path(), path);
        drop(folder);
        assert!(!path.exists());
    }
}
