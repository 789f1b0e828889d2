//! Files and folders that are nobody else's: made under names that nothing has, and removed when they are no longer needed.

use std::fs::{self, DirBuilder, OpenOptions, Permissions};
use std::io::{self, ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{env, process};

/// The age at which a file is abandoned whose process has ended. A process in another container only seems to have ended.
const BRIEF: Duration = Duration::from_secs(60);

/// The age at which any file is abandoned.
const LONG: Duration = Duration::from_secs(60 * 60);

/// How many names are tried.
const TRIES: usize = 1000;

/// A file that is removed unless it is put in its place. It is not open: there may be more of them than a process may open.
#[derive(Debug)]
pub(crate) struct TemporaryFile(PathBuf);

/// A folder that is removed with all that is in it.
#[derive(Debug)]
pub(crate) struct TemporaryFolder(PathBuf);

impl TemporaryFile {
    /// Makes a file with this content in a folder; a rename is atomic within a folder only. A file that a crash leaves behind is hidden,
    /// and says whose it is.
    pub(crate) fn within(folder: &Path, content: &[u8]) -> io::Result<Self> {
        let (path, mut file) = unused(folder, |path| OpenOptions::new().write(true).create_new(true).open(path))?;
        let made = Self(path);
        file.write_all(content)?;
        Ok(made)
    }

    pub(crate) fn set_permissions(&self, permissions: Permissions) -> io::Result<()> {
        fs::set_permissions(&self.0, permissions)
    }

    /// Puts it in the place of whatever is at a path.
    pub(crate) fn replace(&self, path: &Path) -> io::Result<()> {
        fs::rename(&self.0, path)
    }

    /// Puts it where nothing is.
    pub(crate) fn add(&self, path: &Path) -> io::Result<()> {
        match fs::hard_link(&self.0, path) {
            // Not every file system has links.
            Err(error) if error.kind() != ErrorKind::AlreadyExists && !path.is_symlink() && !path.exists() => {
                self.replace(path)
            }
            linked => linked,
        }
    }

    /// Whether a file holds the same.
    pub(crate) fn equals(&self, path: &Path) -> bool {
        fs::read(path).ok().zip(fs::read(&self.0).ok()).is_some_and(|(existing, own)| existing == own)
    }
}

impl Drop for TemporaryFile {
    fn drop(&mut self) {
        // It is gone where it was renamed.
        let _ = fs::remove_file(&self.0);
    }
}

impl TemporaryFolder {
    /// Makes a folder that only this user can enter, where the system wants temporary ones.
    pub(crate) fn new() -> io::Result<Self> {
        unused(&env::temp_dir(), |path| private().create(path)).map(|(path, ())| Self(path))
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

/// Removes the files in a folder that runs made which were interrupted before they could remove them. Those of a run beside this one
/// stay; so does one that cannot be removed.
pub(crate) fn remove_abandoned(folder: &Path) {
    let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        let Some(process) = entry.file_name().to_str().and_then(process_of) else { continue };
        // The metadata of an entry is that of a symbolic link itself.
        let metadata = entry.metadata().ok().filter(fs::Metadata::is_file);
        let age = metadata.and_then(|metadata| metadata.modified().ok()?.elapsed().ok());
        if age.is_some_and(|age| age > LONG || age > BRIEF && has_ended(process)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The process that made a temporary file of this name.
fn process_of(name: &str) -> Option<u32> {
    let mut parts = name.strip_prefix(".rgrpc-")?.split('-');
    let (process, number, clock) = (parts.next()?, parts.next()?, parts.next()?);
    let is_ours = parts.next().is_none() && number.parse::<u32>().is_ok() && u32::from_str_radix(clock, 16).is_ok();
    process.parse().ok().filter(|_| is_ours)
}

/// Whether a process is known to have ended: only Linux shows that in its files.
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

/// The folder for temporary files is the user's own.
#[cfg(not(unix))]
fn private() -> DirBuilder {
    DirBuilder::new()
}

/// An entry made at a path at which nothing was.
fn unused<T>(folder: &Path, create: impl Fn(&Path) -> io::Result<T>) -> io::Result<(PathBuf, T)> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let clock = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
    for _ in 0..TRIES {
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = folder.join(format!(".rgrpc-{}-{number}-{clock:x}", process::id()));
        match create(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|made| (path, made)),
        }
    }
    Err(io::Error::new(ErrorKind::AlreadyExists, "no name is free for a temporary file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_takes_a_place_or_goes() {
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
    fn abandoned_files_are_told_by_name_process_and_age() {
        let own = process::id();
        let ended = u32::MAX;
        for (name, age, stays) in [
            (format!(".rgrpc-{own}-0-1f"), LONG / 2, true),
            (format!(".rgrpc-{own}-0-1f"), LONG * 2, false),
            (format!(".rgrpc-{ended}-0-1f"), BRIEF / 2, true),
            (format!(".rgrpc-{ended}-0-1f"), BRIEF * 2, !cfg!(target_os = "linux")),
            (format!(".rgrpc-{ended}-0"), LONG * 2, true),
            (format!(".rgrpc-{ended}-0-1f-2"), LONG * 2, true),
            (format!(".rgrpc-{ended}-0-1f.rs"), LONG * 2, true),
            (format!("rgrpc-{ended}-0-1f"), LONG * 2, true),
            (".rgrpc-mine-0-1f".to_owned(), LONG * 2, true),
            (".mod.rs.rgrpc".to_owned(), LONG * 2, true),
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
    fn a_folder_goes_with_all_that_is_in_it() {
        let folder = TemporaryFolder::new().unwrap();
        let (path, below) = (folder.path().to_owned(), folder.path().join("a/b"));
        fs::create_dir_all(below).unwrap();
        assert_ne!(TemporaryFolder::new().unwrap().path(), path);
        drop(folder);
        assert!(!path.exists());
    }
}
