//! The files that this process has written so far in its build, so that a second call cannot overwrite the output of the first.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf, absolute};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Absolute path, and the files from which it was made: `a.proto, b.proto`.
static WRITTEN: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());

/// Held while a call writes.
pub(super) struct Registry(MutexGuard<'static, BTreeMap<PathBuf, String>>);

/// Begins another build: its calls may overwrite what those before wrote.
pub(crate) fn forget() {
    Registry::lock().0.clear();
}

impl Registry {
    pub(super) fn lock() -> Self {
        // An entry is inserted whole, so a panic elsewhere leaves the map sound.
        Self(WRITTEN.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn origin(&self, path: &Path) -> Option<&str> {
        self.0.get(&key(path)).map(String::as_str)
    }

    pub(super) fn add(&mut self, path: &Path, origin: &str) {
        self.0.insert(key(path), origin.to_owned());
    }
}

fn key(path: &Path) -> PathBuf {
    absolute(path).unwrap_or_else(|_| path.to_owned())
}
