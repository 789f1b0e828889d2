//! Warns about types that generated files use, but that are not generated.
//!
//! That is not an error: another run may generate the types, and the user may add their modules to the module tree. The last warning
//! has a help for all of them.

use std::collections::{BTreeMap, BTreeSet};

use rgrpc_schema::{Diagnostic, Position};

use super::decisions::Decisions;
use super::type_references::references;

/// Returns one warning for each missing file, at the first place that uses one of its types.
pub(crate) fn warnings(decisions: &Decisions<'_>, generated: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let Decisions { schema, externs, .. } = decisions;
    let others = (0..schema.files.len()).filter(|index| !generated.contains(index));
    let declared: BTreeMap<&str, &str> = others
        .flat_map(|file| schema.types(file).map(move |symbol| (&*schema.place(symbol).full_name, file)))
        .filter(|(name, _)| !externs.contains(name))
        .map(|(name, file)| (name, schema.files[file].descriptor.name()))
        .collect();
    let mut missing: BTreeMap<&str, FirstUse<'_>> = BTreeMap::new();
    if declared.is_empty() {
        return Vec::new();
    }
    for &file in generated {
        let source = schema.source(file);
        let mut seen = BTreeSet::new();
        for (name, referrer) in references(decisions, file) {
            let Some(other) = declared.get(name) else { continue };
            if seen.insert(other) {
                let first = || FirstUse { name, position: source.position(&referrer.path(schema)), files: 0 };
                missing.entry(other).or_insert_with(first).files += 1;
            }
        }
    }
    let help = help(&missing);
    let mut warnings: Vec<Diagnostic> = missing.into_iter().map(|(file, first)| first.warning(file)).collect();
    if let Some(last) = warnings.last_mut() {
        last.help = Some(help);
    }
    warnings
}

/// The first use of a type of a file that is not generated.
struct FirstUse<'a> {
    name: &'a str,
    position: Position,
    /// How many generated files use types of the file.
    files: usize,
}

impl FirstUse<'_> {
    fn warning(self, file: &str) -> Diagnostic {
        let Self { name, position, files } = self;
        let more = match files - 1 {
            0 => String::new(),
            1 => " and in another file".to_owned(),
            more => format!(" and in {more} more files"),
        };
        let message = format!("`{}` is used here{more}, but its file `{file}` is not generated", &name[1..]);
        Diagnostic::at(position, message)
    }
}

fn help(missing: &BTreeMap<&str, FirstUse<'_>>) -> String {
    let files: Vec<&str> = missing.keys().copied().collect();
    let name = missing.values().next().map_or("", |first| first.name);
    format!(
        "set imports=true to generate imported files too, or list {} (in buf.gen.yaml: `strategy: all`), or map existing types: \
         extern_path={name}=<rust>",
        files.join(" ")
    )
}
