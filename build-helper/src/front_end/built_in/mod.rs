//! rgrpc's own compiler: parsed sources in, the descriptors that protoc would write out.

mod nearby;
mod order;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use rgrpc_codegen::{Diagnostic, Errors};
use rgrpc_schema::file::File;
use rgrpc_schema::parallel::{self, Work};
use rgrpc_schema::{Input, Linked, Parsed, Retention, SourceInfo, encode, link};

use super::{Compiled, Contents};
use crate::sources::Sources;

pub(super) fn compile(
    names: &[String],
    sources: Sources,
    includes: &[PathBuf],
    contents: Contents,
) -> Result<Compiled, Errors> {
    let retention = if contents.retain_options { Retention::Retain } else { Retention::Strip };
    let linked = linked(names, sources, retention);
    let (linked, warnings) = linked.map_err(|errors| nearby::explain(errors, names, includes))?;
    let mut files: BTreeMap<String, File> = linked.files.into_iter().map(|file| (file.name.clone(), file)).collect();
    let written = order::written(names, &files, contents.include_imports);
    let mut written: Vec<File> = written.iter().filter_map(|name| files.remove(name)).collect();
    drop(files);
    let source_info = if contents.include_source_info { SourceInfo::Kept } else { SourceInfo::Dropped };
    // A file takes several times the memory of its bytes, so each goes when it is encoded.
    let files = parallel::map_mut(Work::Little, &mut written, |file| encode(&std::mem::take(file), source_info));
    Ok(Compiled { files, warnings })
}

/// Links what could be parsed, even if that is not all: so there is one list of all errors, in the order of protoc.
fn linked(names: &[String], sources: Sources, retention: Retention) -> Result<(Linked, Vec<Diagnostic>), Errors> {
    let Sources { mut files, missing, unresolved, .. } = sources;
    let listed: BTreeSet<&String> = names.iter().collect();
    let (mut errors, mut warnings) = (Errors::default(), Vec::new());
    let mut inputs: Vec<Input> = missing.into_iter().map(Input::Broken).collect();
    for name in order::met(names, &files) {
        let Some(Parsed { file, errors: found, warnings: warned }) = files.remove(&name).map(|source| source.parsed)
        else {
            continue;
        };
        warnings.extend(warned);
        inputs.push(match found.is_empty() {
            false => Input::Broken(name),
            true if listed.contains(&name) => Input::Named(file),
            true => Input::Imported(file),
        });
        errors.extend(found);
    }
    errors.extend(unresolved);
    match link(inputs, retention) {
        Ok(mut linked) if errors.as_slice().is_empty() => {
            warnings.append(&mut linked.warnings);
            Ok((linked, warnings))
        }
        Ok(_) => Err(errors),
        Err(more) => {
            errors.extend(more);
            Err(errors)
        }
    }
}
