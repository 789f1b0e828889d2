//! Imports that no folder has in; the descriptor sets of other crates that hold them out.
//!
//! A crate that was made of a descriptor set has no folder to import from.

use std::fs;

use rgrpc_codegen::{DescriptorSet, Errors};

use super::Links;
use crate::directives::Directives;
use crate::error::cannot;
use crate::front_end;
use crate::scan::{Described, Sources};

impl Links {
    /// Resolves imports that are left by the descriptor sets of the crates below.
    pub(crate) fn describe(&self, sources: &mut Sources, directives: &mut Directives) -> Result<(), Errors> {
        for linked in self.0.values() {
            if sources.unresolved.iter().all(|import| front_end::is_bundled(&import.name)) {
                break;
            }
            let path = &linked.published.descriptor_set;
            let bytes = fs::read(path).map_err(|error| cannot("read", path, &error))?;
            let set = DescriptorSet::decode(bytes)?;
            let holds = |name: &str| !front_end::is_bundled(name) && set.file_names().any(|file| file == name);
            let left = sources.unresolved.len();
            sources.unresolved.retain(|import| !holds(&import.name));
            if sources.unresolved.len() < left {
                directives.rerun_if_changed(path);
                sources.described.push(Described { path: path.clone(), bytes: set.encode() });
            }
        }
        Ok(())
    }
}
