//! The paths that a run looked at in, their state on disk out.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use crate::folders;

/// The files and folders that a run read, and those that it looked for in vain;
/// [`Project::write_and_list`](crate::Project::write_and_list) returns them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs(BTreeSet<PathBuf>);

/// The state of [`Inputs`] at a moment: equal to another one if nothing has changed between the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct State(Vec<(PathBuf, Option<File>)>);

/// A file as it is told from what was there before, without reading it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    modified: Option<SystemTime>,
    bytes: u64,
}

impl Inputs {
    /// Adds a file, or a folder, which stands for the `.proto` files that are below it.
    pub fn add(&mut self, path: impl AsRef<Path>) {
        self.0.insert(path.as_ref().to_owned());
    }

    /// Returns whether there is none, as after a run that was refused for its settings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Returns the time and size of each file, and what is in each folder, as they are now.
    #[must_use]
    pub fn state(&self) -> State {
        let below = |path: &PathBuf| if path.is_dir() { folders::protos(path).unwrap_or_default() } else { Vec::new() };
        let paths: BTreeSet<PathBuf> =
            self.0.iter().flat_map(|path| [vec![path.clone()], below(path)].concat()).collect();
        State(
            paths
                .into_iter()
                .map(|path| {
                    let file = file(&path);
                    (path, file)
                })
                .collect(),
        )
    }
}

fn file(path: &Path) -> Option<File> {
    // The time of a folder is that of anything in it, also of what is no input.
    let found = fs::metadata(path).ok().filter(|found| !found.is_dir())?;
    Some(File { modified: found.modified().ok(), bytes: found.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_state_changes_with_every_input_and_with_nothing_else() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir(path("proto")).unwrap();
        fs::write(path("proto/a.proto"), "a").unwrap();
        let mut inputs = Inputs::default();
        for name in ["proto", "gone.proto", "rgrpc.toml"] {
            inputs.add(path(name));
        }
        let mut before = inputs.state();
        for (name, text, changes) in [
            ("proto/a.proto", Some("aa"), true),
            ("proto/new.proto", Some(""), true),
            ("proto/note.txt", Some(""), false),
            ("other.proto", Some(""), false),
            ("gone.proto", Some(""), true),
            ("rgrpc.toml", Some("out = 1"), true),
            ("proto/new.proto", None, true),
        ] {
            match text {
                Some(text) => fs::write(path(name), text).unwrap(),
                None => fs::remove_file(path(name)).unwrap(),
            }
            let after = inputs.state();
            assert_eq!(before != after, changes, "{name}");
            before = after;
        }
    }
}
