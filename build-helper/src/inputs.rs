//! The paths that a run looks at in, what was there out; and the wait for something else to be there.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime};
use std::{fs, thread};

use crate::folders;

/// For each period that a look takes, this many pass until the next one.
const REST: u32 = 20;

/// The files and folders that a run read, those that it looked for in vain, and what was there when it looked;
/// [`Project::write_and_list`](crate::Project::write_and_list) fills them in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs(BTreeMap<PathBuf, PathState>);

/// The state of a path.
#[derive(Debug, Clone, PartialEq, Eq)]
enum PathState {
    Nothing,
    /// A file as it is told from what was there before, without reading it.
    File {
        modified: Option<SystemTime>,
        bytes: u64,
    },
    /// Its time is that of anything in it, also of what is no input.
    Folder,
    /// A folder, and the `.proto` files below it.
    Protos(Vec<PathBuf>),
}

impl Inputs {
    /// Adds a file, or a folder, which stands for the names of the `.proto` files that are below it. The comparison begins with what is there
    /// now, so add it before you read it.
    pub fn add(&mut self, path: impl AsRef<Path>) {
        let path = path.as_ref();
        match self.0.get(path) {
            None | Some(PathState::Folder) => _ = self.0.insert(path.to_owned(), protos(path)),
            Some(_) => {}
        }
    }

    /// Adds a path of which only counts what is there itself, and not what is below it.
    pub(crate) fn add_place(&mut self, path: PathBuf) {
        self.0.entry(path).or_insert_with_key(|path| place(path));
    }

    /// Returns whether there is none, as after a run that was refused for its settings.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Waits until something else is there than when the inputs were added, and stays so for a period: an editor may write a file in
    /// several steps. Looks once in a period, or less often where that would take more than a twentieth of a processor's time.
    ///
    /// A file is told from what was there before by its time and size. Without inputs, this never returns.
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
            pause = period.max(start.elapsed() * REST);
        }
    }

    /// The same paths, with what is there now.
    fn now(&self) -> Self {
        let look = |(path, before): (&PathBuf, &PathState)| {
            let now = if matches!(before, PathState::Protos(_)) { protos(path) } else { place(path) };
            (path.clone(), now)
        };
        Self(self.0.iter().map(look).collect())
    }
}

fn protos(path: &Path) -> PathState {
    match place(path) {
        PathState::Folder => PathState::Protos(folders::protos(path).unwrap_or_default()),
        found => found,
    }
}

fn place(path: &Path) -> PathState {
    match fs::metadata(path) {
        Ok(found) if found.is_dir() => PathState::Folder,
        Ok(found) => PathState::File { modified: found.modified().ok(), bytes: found.len() },
        Err(_) => PathState::Nothing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_there_differs_with_every_change_of_an_input_and_with_no_other() {
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
                inputs.add_place(path(name));
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
            inputs.add_place(path(name));
        }
        fs::rename(path("include"), path("gone")).unwrap();
        let places = |inputs: Inputs| inputs.0.into_values().collect::<Vec<_>>();
        assert_eq!(places(inputs.clone()), [PathState::Nothing, PathState::Folder]);
        assert_eq!(places(inputs.now()), [PathState::Folder, PathState::Nothing]);
    }

    #[test]
    fn a_change_before_the_wait_ends_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.proto");
        let mut inputs = Inputs::default();
        inputs.add(&path);
        fs::write(&path, "").unwrap();
        // The time of the second look is not that of the first.
        inputs.add(&path);
        inputs.wait_for_change(Duration::from_millis(1));
    }
}
