//! What would be written in, how the files on disk differ from it out; nothing is written.

mod diff;
mod reason;

use std::fmt;
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::write::{Plan, orphans};

/// How a committed file differs from what would be generated.
///
/// Its `Display` is a line that says so, and for a stale file the unified diff below it. A file differs if it would have
/// to be written, but for line ends: a checkout on Windows may have changed all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Difference {
    /// The file holds something else.
    Stale {
        /// The file.
        path: PathBuf,
        /// Why, as far as the header of the file tells: `the schema changed`.
        reason: String,
        /// From the file to what would be generated, as a unified diff; empty if it holds no text.
        diff: String,
    },
    /// The file does not exist.
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file was generated once, and is not any more.
    Orphaned {
        /// The file.
        path: PathBuf,
    },
}

impl Difference {
    /// Returns the file.
    #[must_use]
    pub fn path(&self) -> &Path {
        match self {
            Self::Stale { path, .. } | Self::Missing { path } | Self::Orphaned { path } => path,
        }
    }
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path().display();
        match self {
            Self::Stale { reason, diff, .. } => write!(f, "{path} is stale: {reason}\n{diff}"),
            Self::Missing { .. } => writeln!(f, "{path} is missing"),
            Self::Orphaned { .. } => writeln!(f, "{path} is orphaned: none of the given files generates it any more"),
        }
    }
}

/// Every file that is not as it should be, in the order in which the files would be written, orphans last.
pub(crate) fn compare(plan: &Plan) -> Vec<Difference> {
    let differences = plan.files.iter().filter_map(|file| difference(&file.path, &file.bytes));
    differences.chain(orphans(plan).into_iter().map(|path| Difference::Orphaned { path })).collect()
}

fn difference(path: &Path, generated: &[u8]) -> Option<Difference> {
    let path = path.to_owned();
    let committed = match fs::read(&path) {
        Ok(committed) => committed,
        Err(error) if error.kind() == ErrorKind::NotFound => return Some(Difference::Missing { path }),
        Err(error) => {
            return Some(Difference::Stale {
                path,
                reason: format!("it cannot be read: {error}"),
                diff: String::new(),
            });
        }
    };
    let texts = std::str::from_utf8(&committed).ok().zip(std::str::from_utf8(generated).ok());
    let Some((committed, generated)) = texts else {
        let reason = "its bytes are others".to_owned();
        return (committed != generated).then_some(Difference::Stale { path, reason, diff: String::new() });
    };
    let committed = committed.replace("\r\n", "\n");
    (committed != generated).then(|| {
        let (reason, diff) = (reason::of(&committed, generated), diff::unified(&path, &committed, generated));
        Difference::Stale { path, reason, diff }
    })
}
