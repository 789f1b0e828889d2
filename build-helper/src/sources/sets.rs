//! Finds files in the descriptor sets of dependencies.
//!
//! A crate that was generated from a descriptor set has no include folders.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rgrpc_codegen::Diagnostic;
use rgrpc_schema::{decode, split};

use crate::io_error::io_error;

/// Descriptor sets, each of which is read only if the ones before it do not contain a file.
pub(super) struct DescriptorSets {
    unread: std::vec::IntoIter<PathBuf>,
    read: Vec<(PathBuf, BTreeMap<String, Vec<u8>>)>,
}

impl DescriptorSets {
    pub(super) fn new(paths: Vec<PathBuf>) -> Self {
        Self { unread: paths.into_iter(), read: Vec::new() }
    }

    /// The path of the set that contains a file, and the bytes of the file.
    pub(super) fn find(&mut self, name: &str) -> Result<Option<(PathBuf, Vec<u8>)>, Diagnostic> {
        loop {
            let found = self.read.iter().find_map(|(path, files)| Some((path.clone(), files.get(name)?.clone())));
            if found.is_some() {
                return Ok(found);
            }
            let Some(path) = self.unread.next() else { return Ok(None) };
            let bytes = fs::read(&path).map_err(|error| io_error("read", &path, &error))?;
            let mut files = BTreeMap::new();
            let in_set = |error: Diagnostic| Diagnostic::new(format!("`{}`: {}", path.display(), error.message));
            for file in split(&bytes).map_err(in_set)? {
                files.insert(decode(file.to_vec()).map_err(in_set)?.name, file.to_vec());
            }
            self.read.push((path, files));
        }
    }
}
