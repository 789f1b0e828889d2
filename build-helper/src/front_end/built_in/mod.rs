//! The built-in compiler, which turns parsed sources into the descriptors that protoc would write.

mod linked;
mod missing_imports;
mod order;

use std::collections::BTreeMap;
use std::path::PathBuf;

use rgrpc_codegen::Errors;
use rgrpc_schema::file::File;
use rgrpc_schema::parallel::{self, Work};
use rgrpc_schema::{Retention, SourceInfo, encode};

use super::contents::{Compiled, DescriptorSetContents};
use crate::sources::Sources;
use linked::linked;

pub(super) fn compile(
    names: &[String],
    sources: Sources,
    includes: &[PathBuf],
    contents: DescriptorSetContents,
) -> Result<Compiled, Errors> {
    let retention = if contents.retain_options { Retention::Retain } else { Retention::Strip };
    let linked = linked(names, sources, retention);
    let (linked, warnings) = linked.map_err(|errors| missing_imports::explain(errors, names, includes))?;
    let mut files: BTreeMap<String, File> = linked.files.into_iter().map(|file| (file.name.clone(), file)).collect();
    let ordered = order::write_order(names, &files, contents.include_imports);
    let mut ordered: Vec<File> = ordered.iter().filter_map(|name| files.remove(name)).collect();
    drop(files);
    let source_info = if contents.exclude_source_info { SourceInfo::Dropped } else { SourceInfo::Kept };
    // A file takes several times the memory of its encoding, so each is freed as soon as it is encoded.
    let files = parallel::map_mut(Work::Little, &mut ordered, |file| encode(&std::mem::take(file), source_info));
    Ok(Compiled { files, warnings })
}
