//! Lists the files below a folder.

use std::fs::{self, ReadDir};
use std::path::{Path, PathBuf};
use std::{io, iter};

/// Every `.proto` file below a folder, sorted, because the order of a directory listing depends on the file system.
pub(crate) fn protos(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let is_proto = |path: &io::Result<PathBuf>| path.as_ref().map_or(true, |path| is_proto(path));
    let mut found = files(folder).filter(is_proto).collect::<io::Result<Vec<PathBuf>>>()?;
    found.sort();
    Ok(found)
}

/// Whether a path ends in `.proto`.
pub(crate) fn is_proto(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "proto")
}

/// Every regular file below a folder, in any order. Hidden files and folders are skipped, and links to folders are not followed.
pub(crate) fn files(folder: &Path) -> impl Iterator<Item = io::Result<PathBuf>> {
    let mut folders = vec![folder.to_owned()];
    let mut entries: Option<ReadDir> = None;
    iter::from_fn(move || {
        loop {
            match entries.as_mut().and_then(Iterator::next) {
                Some(Ok(entry)) => {
                    let path = entry.path();
                    if entry.file_name().as_encoded_bytes().starts_with(b".") {
                        continue;
                    }
                    match entry.file_type() {
                        Ok(kind) if kind.is_dir() => folders.push(path),
                        // Following a link takes another system call, so only links are followed.
                        Ok(kind) if kind.is_file() || kind.is_symlink() && path.is_file() => return Some(Ok(path)),
                        Ok(_) => {}
                        Err(error) => return Some(Err(error)),
                    }
                }
                Some(Err(error)) => return Some(Err(error)),
                None => match fs::read_dir(folders.pop()?) {
                    Ok(open) => entries = Some(open),
                    Err(error) => return Some(Err(error)),
                },
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_below_a_folder_are_sorted_and_hidden_ones_left_out() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["b.proto", "a/z.proto", "a/b/c.proto", "a.proto", "a/.#z.proto", ".git/d.proto", "e.txt", "f.proto/g"]
        {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = protos(folder.path()).unwrap();
        let names: Vec<_> = found.iter().map(|path| path.strip_prefix(folder.path()).unwrap()).collect();
        assert_eq!(names, ["a/b/c.proto", "a/z.proto", "a.proto", "b.proto"].map(Path::new));
        assert!(protos(&folder.path().join("gone")).is_err());
    }

    #[test]
    #[cfg(unix)]
    fn links_to_files_are_followed_and_links_to_folders_are_not() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("a")).unwrap();
        fs::write(path("a/b.proto"), "").unwrap();
        for (target, name) in [("a/b.proto", "file.proto"), ("a", "folder.proto"), ("gone", "gone.proto")] {
            std::os::unix::fs::symlink(path(target), path(name)).unwrap();
        }
        assert_eq!(protos(folder.path()).unwrap(), [path("a/b.proto"), path("file.proto")]);
    }
}
