//! The name of a file in, its bytes in the descriptor set of another crate out.
//!
//! A crate that was made of a descriptor set has no folder to import from.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rgrpc_codegen::Diagnostic;
use rgrpc_schema::{decode, split};

use crate::io_error::io_error;

/// Descriptor sets, each of which is read when what came before has not what is looked for.
pub(super) struct DescriptorSets {
    unread: std::vec::IntoIter<PathBuf>,
    read: Vec<(PathBuf, BTreeMap<String, Vec<u8>>)>,
}

impl DescriptorSets {
    pub(super) fn new(paths: Vec<PathBuf>) -> Self {
        Self { unread: paths.into_iter(), read: Vec::new() }
    }

    /// The set that has a file, and the bytes of the file.
    pub(super) fn find(&mut self, name: &str) -> Result<Option<(PathBuf, Vec<u8>)>, Diagnostic> {
        loop {
            let found = self.read.iter().find_map(|(path, files)| Some((path.clone(), files.get(name)?.clone())));
            if found.is_some() {
                return Ok(found);
            }
            let Some(path) = self.unread.next() else { return Ok(None) };
            let bytes = fs::read(&path).map_err(|error| io_error("read", &path, &error))?;
            let mut files = BTreeMap::new();
            let refuse = |error: Diagnostic| Diagnostic::new(format!("`{}`: {}", path.display(), error.message));
            for file in split(&bytes).map_err(refuse)? {
                files.insert(decode(file.to_vec()).map_err(refuse)?.name, file.to_vec());
            }
            self.read.push((path, files));
        }
    }
}
