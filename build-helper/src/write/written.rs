//! Changes of a call on disk: for a program to read, and as a line for a person.

use std::fmt;
use std::path::PathBuf;

/// The changes of a call on disk.
///
/// Its `Display` is one line: `wrote 3 files, removed 1 (user.v1.rs)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The files that were written, because they were not there or not as they should be.
    pub wrote: Vec<PathBuf>,
    /// Those of them in which edits by hand, or another formatting, were overwritten.
    pub edited: Vec<PathBuf>,
    /// The files that were as they should be, but for line ends.
    pub unchanged: Vec<PathBuf>,
    /// Files that earlier runs generated and this one does not.
    pub removed: Vec<PathBuf>,
    /// The same, but nobody asked to [`prune`](crate::Builder::prune) it.
    pub left: Vec<PathBuf>,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = |files: &[PathBuf]| format!("{} file{}", files.len(), if files.len() == 1 { "" } else { "s" });
        match (&self.wrote[..], &self.removed[..]) {
            ([], []) => {
                let are = if self.unchanged.len() == 1 { "is" } else { "are" };
                write!(f, "{} {are} up to date", files(&self.unchanged))?;
            }
            ([], removed) => write!(f, "removed {} ({})", files(removed), names(removed))?,
            (wrote, []) => write!(f, "wrote {}", files(wrote))?,
            (wrote, removed) => write!(f, "wrote {}, removed {} ({})", files(wrote), removed.len(), names(removed))?,
        }
        if !self.edited.is_empty() {
            write!(f, "; edits were overwritten in {}", names(&self.edited))?;
        }
        if !self.left.is_empty() {
            write!(f, "; left from an earlier run, until prune removes it: {}", names(&self.left))?;
        }
        Ok(())
    }
}

/// The names without their folders.
fn names(paths: &[PathBuf]) -> String {
    let names = paths.iter().map(|path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy());
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_told_in_one_line() {
        let paths = |names: &str| names.split_whitespace().map(|name| PathBuf::from("pb").join(name)).collect();
        for (unchanged, wrote, edited, removed, left, expected) in [
            ("a b c", "", "", "", "", "3 files are up to date"),
            ("a", "", "", "", "", "1 file is up to date"),
            ("", "a b c", "", "", "", "wrote 3 files"),
            ("a b", "c", "", "", "", "wrote 1 file"),
            ("", "a b c", "", "user.v1.rs", "", "wrote 3 files, removed 1 (user.v1.rs)"),
            ("a b", "", "", "a.rs b.rs", "", "removed 2 files (a.rs, b.rs)"),
            ("", "a.rs b.rs", "a.rs", "", "", "wrote 2 files; edits were overwritten in a.rs"),
            (
                "b.rs mod.rs",
                "",
                "",
                "",
                "a.rs",
                "2 files are up to date; left from an earlier run, until prune removes it: a.rs",
            ),
        ] {
            let written = Written {
                unchanged: paths(unchanged),
                wrote: paths(wrote),
                edited: paths(edited),
                removed: paths(removed),
                left: paths(left),
            };
            assert_eq!(written.to_string(), expected);
        }
    }
}
