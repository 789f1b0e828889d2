//! The files that this process has written in its current build, so that one call does not overwrite the output of another.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf, absolute};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// The absolute path of each file, and the `.proto` files from which it was generated: `a.proto, b.proto`.
static WRITTEN: Mutex<BTreeMap<PathBuf, String>> = Mutex::new(BTreeMap::new());

/// The locked registry, which a call holds while it writes.
pub(super) struct Registry(MutexGuard<'static, BTreeMap<PathBuf, String>>);

/// Starts a new build, whose calls may overwrite the output of earlier ones.
pub(crate) fn forget() {
    Registry::lock().0.clear();
}

impl Registry {
    pub(super) fn lock() -> Self {
        // Each update is one insertion, so a panic cannot leave the map inconsistent.
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
