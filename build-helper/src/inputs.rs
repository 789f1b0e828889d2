//! The paths that a run depends on, with their state, and a way to wait for changes.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use std::{fs, thread};

use crate::folders;

/// The factor by which the pause between two checks is longer than a check takes.
const PAUSE_FACTOR: u32 = 20;

/// The paths that a run depends on, with their state at that time; [`Project::write_tracking`](crate::Project::write_tracking) adds them.
///
/// They are the files and folders that the run read, and the paths at which it looked for a file.
///
/// ```no_run
/// use std::time::Duration;
///
/// let mut inputs = rgrpc_build::Inputs::default();
/// inputs.add("proto");
/// inputs.wait_for_change(Duration::from_millis(200));
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs(BTreeMap<PathBuf, PathState>);

/// The state of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PathState {
    Absent,
    /// A file, compared without reading it.
    File {
        modified: Option<SystemTime>,
        bytes: u64,
    },
    /// A folder. Its modification time is ignored, because files in it that are no inputs change it too.
    Folder,
    /// A folder, and the `.proto` files below it.
    Protos(Vec<PathBuf>),
}

impl Inputs {
    /// Adds a path with its current state, so add it before you read it.
    ///
    /// A folder changes when a `.proto` file appears or disappears below it, but not when one of these files is edited.
    pub fn add(&mut self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        match self.0.get(path) {
            None | Some(PathState::Folder) => _ = self.0.insert(path.to_owned(), PathState::with_protos(path)),
            Some(_) => {}
        }
    }

    /// Adds a path with its current state. If it is a folder, its contents do not matter.
    pub(crate) fn add_probe(&mut self, path: PathBuf) {
        self.0.entry(path).or_insert_with_key(|path| PathState::of(path));
    }

    /// Returns whether there are no inputs, as after a run that failed because of its settings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Blocks until the state of an input differs from when it was added.
    ///
    /// Returns once the new state has been stable for one `period`, because an editor may write a file in several steps. The inputs are
    /// checked once per `period`, or less often if checking would use more than 5 % of a processor. Files are compared by modification time and
    /// size. If there are no inputs, this never returns.
    pub fn wait_for_change(&self, period: Duration) {
        let mut last = None;
        let mut pause = period;
        loop {
            thread::sleep(pause);
            let start = Instant::now();
            let now = self.now();
            if now != *self && last.as_ref() == Some(&now) {
                return;
            }
            last = Some(now);
            pause = period.max(start.elapsed() * PAUSE_FACTOR);
        }
    }

    /// The same paths with their current state.
    fn now(&self) -> Self {
        let current = |(path, before): (&PathBuf, &PathState)| {
            let is_listing = matches!(before, PathState::Protos(_));
            (path.clone(), if is_listing { PathState::with_protos(path) } else { PathState::of(path) })
        };
        Self(self.0.iter().map(current).collect())
    }
}

impl PathState {
    fn of(path: &Path) -> Self {
        match fs::metadata(path) {
            Ok(found) if found.is_dir() => Self::Folder,
            Ok(found) => Self::File { modified: found.modified().ok(), bytes: found.len() },
            Err(_) => Self::Absent,
        }
    }

    /// The state of a path, including the `.proto` files below it if it is a folder.
    fn with_protos(path: &Path) -> Self {
        match Self::of(path) {
            Self::Folder => Self::Protos(folders::protos(path).unwrap_or_default()),
            state => state,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_change_of_an_input_is_seen_and_no_other() {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name);
        fs::create_dir_all(path("proto/sub")).unwrap();
        fs::create_dir(path("include")).unwrap();
        fs::write(path("proto/a.proto"), "a").unwrap();
        for (changed, text, changes) in [
            ("proto/a.proto", Some("aa"), true),
            ("proto/new.proto", Some(""), true),
            ("proto/sub/new.proto", Some(""), true),
            ("proto/note.txt", Some(""), false),
            ("include/new.proto", Some(""), false),
            ("other.proto", Some(""), false),
            ("gone.proto", Some(""), true),
            ("rgrpc.toml", Some("out = 1"), true),
            ("proto/new.proto", None, true),
        ] {
            let mut inputs = Inputs::default();
            for name in ["proto", "include"] {
                inputs.add_probe(path(name));
            }
            for name in ["proto", "proto/a.proto", "gone.proto", "rgrpc.toml"] {
                inputs.add(path(name));
            }
            assert_eq!(inputs.now(), inputs, "{changed}");
            match text {
                Some(text) => fs::write(path(changed), text).unwrap(),
                None => fs::remove_file(path(changed)).unwrap(),
            }
            assert_eq!(inputs.now() != inputs, changes, "{changed}");
        }
        let mut inputs = Inputs::default();
        for name in ["include", "gone"] {
            inputs.add_probe(path(name));
        }
        fs::rename(path("include"), path("gone")).unwrap();
        let states = |inputs: Inputs| inputs.0.into_values().collect::<Vec<_>>();
        assert_eq!(states(inputs.clone()), [PathState::Absent, PathState::Folder]);
        assert_eq!(states(inputs.now()), [PathState::Folder, PathState::Absent]);
    }

    #[test]
    fn a_change_before_the_wait_is_seen() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.proto");
        let mut inputs = Inputs::default();
        inputs.add(&path);
        fs::write(&path, "").unwrap();
        // Adding a path again does not update its state.
        inputs.add(&path);
        inputs.wait_for_change(Duration::from_millis(1));
    }
}
