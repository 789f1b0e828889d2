//! Links parsed sources, or returns all of their errors in the order of protoc.

use std::collections::BTreeSet;

use rgrpc_codegen::{Diagnostic, Errors};
use rgrpc_schema::{Input, Linked, Parsed, Retention, link};

use super::order;
use crate::sources::Sources;

/// Links the files that could be parsed, even if some could not, so that parse errors and link errors are reported together.
pub(super) fn linked(
    names: &[String],
    sources: Sources,
    retention: Retention,
) -> Result<(Linked, Vec<Diagnostic>), Errors> {
    let Sources { mut files, missing, unresolved, .. } = sources;
    let listed: BTreeSet<&String> = names.iter().collect();
    let (mut errors, mut warnings) = (Errors::default(), Vec::new());
    let mut inputs: Vec<Input> = missing.into_iter().map(Input::Broken).collect();
    for name in order::read_order(names, &files) {
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
