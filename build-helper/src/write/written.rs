//! The result of a call that writes: the files by outcome, and a one-line summary.

use std::fmt;
use std::path::PathBuf;

/// The files that a call wrote, removed, or left alone.
///
/// Its `Display` is a summary in one line: `wrote 3 files, removed 1 (user.v1.rs)`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Written {
    /// The files that were written, because they did not exist or were out of date.
    pub wrote: Vec<PathBuf>,
    /// Those of the written files whose previous contents had been edited or reformatted.
    pub edited: Vec<PathBuf>,
    /// The files that were up to date. Line endings do not count.
    pub unchanged: Vec<PathBuf>,
    /// The files that earlier runs generated, this run does not, and it removed.
    pub removed: Vec<PathBuf>,
    /// The files that earlier runs generated, this run does not, and only [`prune`](crate::Builder::prune) would remove.
    pub orphaned: Vec<PathBuf>,
    /// Whether this was a [dry run](crate::Builder::dry_run): no file was written or removed, and the lists say which would be.
    pub dry_run: bool,
}

impl fmt::Display for Written {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let files = |files: &[PathBuf]| format!("{} file{}", files.len(), if files.len() == 1 { "" } else { "s" });
        let [wrote, removed, were] =
            if self.dry_run { ["would write", "remove", "would be"] } else { ["wrote", "removed", "were"] };
        let would = if self.dry_run { "would " } else { "" };
        match (&self.wrote[..], &self.removed[..]) {
            ([], []) => {
                let are = if self.unchanged.len() == 1 { "is" } else { "are" };
                write!(f, "{} {are} up to date", files(&self.unchanged))?;
            }
            ([], gone) => write!(f, "{would}{removed} {} ({})", files(gone), names(gone))?,
            (new, []) => write!(f, "{wrote} {}", files(new))?,
            (new, gone) => write!(f, "{wrote} {}, {removed} {} ({})", files(new), gone.len(), names(gone))?,
        }
        if !self.edited.is_empty() {
            write!(f, "; edits {were} overwritten in {}", names(&self.edited))?;
        }
        if !self.orphaned.is_empty() {
            write!(f, "; orphaned, and only removed with prune: {}", names(&self.orphaned))?;
        }
        Ok(())
    }
}

/// The file names, without folders.
fn names(paths: &[PathBuf]) -> String {
    let names = paths.iter().map(|path| path.file_name().unwrap_or(path.as_os_str()).to_string_lossy());
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_summary_of_a_run_is_one_line() {
        let paths = |names: &str| names.split_whitespace().map(|name| PathBuf::from("pb").join(name)).collect();
        for (unchanged, wrote, edited, removed, orphaned, expected) in [
            ("a b c", "", "", "", "", "3 files are up to date"),
            ("a", "", "", "", "", "1 file is up to date"),
            ("", "a b c", "", "", "", "wrote 3 files"),
            ("a b", "c", "", "", "", "wrote 1 file"),
            ("", "a b c", "", "user.v1.rs", "", "wrote 3 files, removed 1 (user.v1.rs)"),
            ("a b", "", "", "a.rs b.rs", "", "removed 2 files (a.rs, b.rs)"),
            ("", "a.rs b.rs", "a.rs", "", "", "wrote 2 files; edits were overwritten in a.rs"),
            ("b.rs mod.rs", "", "", "", "a.rs", "2 files are up to date; orphaned, and only removed with prune: a.rs"),
        ] {
            let written = Written {
                unchanged: paths(unchanged),
                wrote: paths(wrote),
                edited: paths(edited),
                removed: paths(removed),
                orphaned: paths(orphaned),
                dry_run: false,
            };
            assert_eq!(written.to_string(), expected);
        }
    }

    #[test]
    fn the_summary_of_a_dry_run_says_what_would_happen() {
        let paths = |names: &str| names.split_whitespace().map(PathBuf::from).collect();
        for (wrote, edited, removed, expected) in [
            ("", "", "", "1 file is up to date"),
            ("b.rs", "", "", "would write 1 file"),
            ("b.rs", "b.rs", "c.rs", "would write 1 file, remove 1 (c.rs); edits would be overwritten in b.rs"),
            ("", "", "c.rs", "would remove 1 file (c.rs)"),
        ] {
            let (wrote, edited, removed) = (paths(wrote), paths(edited), paths(removed));
            let written =
                Written { unchanged: paths("a.rs"), wrote, edited, removed, dry_run: true, ..Written::default() };
            assert_eq!(written.to_string(), expected);
        }
    }
}
