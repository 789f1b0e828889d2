//! Reads and parses the named files and all of their imports, which are the files that a build depends on, whichever front end compiles them.

mod read;
mod sets;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rgrpc_codegen::{Diagnostic, Errors, Position};
use rgrpc_schema::file::{File, Import};
use rgrpc_schema::parallel::{self, Work};
use rgrpc_schema::{Parsed, bundled, decode, parse};

use crate::located::Paths;
use crate::resolve::{self, Found};
use sets::DescriptorSets;

/// The files, by import name.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub(crate) files: BTreeMap<String, Source>,
    /// The names of files that were not found.
    pub(crate) missing: Vec<String>,
    /// The errors about missing files. They do not count if protoc compiles the files, because it may have its own copies.
    pub(crate) unresolved: Vec<Diagnostic>,
    /// Files that cannot be read.
    pub(crate) errors: Errors,
}

/// One file.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) origin: Origin,
    pub(crate) parsed: Parsed,
}

/// The place that a file was read from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The text file at a path.
    Text(PathBuf),
    /// The descriptor set of a dependency, at a path.
    DescriptorSet(PathBuf),
    /// The files that this crate bundles.
    Bundled,
}

/// A file to read, and the place of an import of it.
struct Wanted {
    name: String,
    importer: Option<Position>,
}

/// Reads the named files and all of their imports. Each file is searched in the include folders, then among the bundled files, and then in the
/// descriptor sets, which are only read if needed. Calls `probed` with each path in the include folders before checking it.
pub(crate) fn read(
    names: &[String],
    includes: &[PathBuf],
    sets: Vec<PathBuf>,
    probed: &mut impl FnMut(PathBuf),
) -> Sources {
    let mut sets = DescriptorSets::new(sets);
    let mut sources = Sources::default();
    let mut wave: Vec<Wanted> = names.iter().map(|name| Wanted { name: name.clone(), importer: None }).collect();
    while !wave.is_empty() {
        let mut found: Vec<(Wanted, RawSource)> = Vec::new();
        for wanted in wave {
            match find(&wanted.name, includes, &mut sets, probed) {
                Ok(Some(source)) => found.push((wanted, source)),
                Ok(None) => {
                    let error = not_found(&wanted.name, includes);
                    sources.unresolved.push(error.with_position(wanted.importer));
                    sources.missing.push(wanted.name);
                }
                Err(error) => sources.errors.push(error.with_position(wanted.importer)),
            }
        }
        let read =
            parallel::map(Work::Much, &found, |(wanted, source)| source.read(&wanted.name, wanted.importer.as_ref()));
        let mut next: BTreeMap<String, Option<Position>> = BTreeMap::new();
        for ((wanted, source), parsed) in found.into_iter().zip(read) {
            let parsed = parsed.unwrap_or_else(|error| {
                sources.errors.push(error);
                Parsed::default()
            });
            for import in &parsed.file.imports {
                next.entry(import.path.value.clone()).or_insert_with(|| Some(position(&parsed.file, import)));
            }
            sources.files.insert(wanted.name, Source { origin: source.origin(), parsed });
        }
        next.retain(|name, _| !sources.files.contains_key(name));
        wave = next.into_iter().map(|(name, importer)| Wanted { name, importer }).collect();
    }
    sources
}

impl Sources {
    /// The files on disk that were read.
    pub(crate) fn read_paths(&self) -> impl Iterator<Item = &Path> {
        self.files.values().filter_map(|source| match &source.origin {
            Origin::Text(path) | Origin::DescriptorSet(path) => Some(path.as_path()),
            Origin::Bundled => None,
        })
    }

    /// The paths of the text files that were read.
    pub(crate) fn paths(&self) -> Paths {
        let texts = self.files.iter().filter_map(|(name, source)| Some((name.clone(), source.text()?.to_owned())));
        Paths(texts.collect())
    }
}

impl Origin {
    /// The path of the descriptor set that contains the file, if one does.
    pub(crate) fn descriptor_set(&self) -> Option<&PathBuf> {
        if let Self::DescriptorSet(path) = self { Some(path) } else { None }
    }
}

impl Source {
    /// The path of the text file, if it is one.
    pub(crate) fn text(&self) -> Option<&Path> {
        if let Origin::Text(path) = &self.origin { Some(path) } else { None }
    }
}

/// A file that was found, before it is parsed.
enum RawSource {
    Text(PathBuf),
    DescriptorSet(PathBuf, Vec<u8>),
    Bundled(&'static [u8]),
}

impl RawSource {
    fn origin(self) -> Origin {
        match self {
            Self::Text(path) => Origin::Text(path),
            Self::DescriptorSet(path, _) => Origin::DescriptorSet(path),
            Self::Bundled(_) => Origin::Bundled,
        }
    }

    fn read(&self, name: &str, importer: Option<&Position>) -> Result<Parsed, Diagnostic> {
        let decoded = |file: Result<File, Diagnostic>| Ok(Parsed { file: file?, ..Parsed::default() });
        match self {
            Self::Text(path) => match read::text(path) {
                Ok(text) => Ok(parse(name, &text)),
                Err(error) => Err(error.with_position(importer.cloned())),
            },
            Self::DescriptorSet(_, bytes) => decoded(decode(bytes.clone())),
            Self::Bundled(bytes) => decoded(decode(*bytes)),
        }
    }
}

fn find(
    name: &str,
    includes: &[PathBuf],
    sets: &mut DescriptorSets,
    probed: &mut impl FnMut(PathBuf),
) -> Result<Option<RawSource>, Diagnostic> {
    match resolve::find(name, includes, probed) {
        Found::File(path) => return Ok(Some(RawSource::Text(path))),
        Found::Other(path) => return Err(resolve::not_a_file(&path)),
        Found::Nothing => {}
    }
    if let Some(bytes) = bundled::descriptor(name) {
        return Ok(Some(RawSource::Bundled(bytes)));
    }
    Ok(sets.find(name)?.map(|(path, bytes)| RawSource::DescriptorSet(path, bytes)))
}

fn not_found(name: &str, includes: &[PathBuf]) -> Diagnostic {
    match resolve::canonical(name) {
        Some(canonical) if canonical != name => {
            Diagnostic::new(format!("`{name}` is not a valid import")).help(format!("import `{canonical}`"))
        }
        Some(_) => {
            let searched = || format!("searched {}", resolve::list(includes));
            let help = resolve::near_name(name, includes).unwrap_or_else(searched);
            Diagnostic::new(format!("imported file `{name}` does not exist")).help(help)
        }
        None => Diagnostic::new(format!("imported file `{name}` is outside of the include folders"))
            .help("write the path relative to an include folder, without `..`"),
    }
}

/// The position of the file name in an import. A file from a descriptor set has no lines.
fn position(file: &File, import: &Import) -> Position {
    let span = import.path.span;
    let line_column = file.encoded.is_none().then_some((span.start_line + 1, span.start_column + 1));
    Position::new(file.name.clone(), line_column)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// protobuf-parse, an independent parser, finds the same files, so that a build depends on neither too few nor too many.
    #[test]
    fn the_files_found_are_those_that_protobuf_parse_reads() {
        let mut refused = Vec::new();
        for case in testdata::cases() {
            let includes = [case.root.clone()];
            let inputs = case.files.iter().map(|file| case.root.join(file));
            let Ok(parsed) =
                protobuf_parse::Parser::new().pure().includes(&includes).inputs(inputs).parse_and_typecheck()
            else {
                refused.push(case.name);
                continue;
            };
            let mut expected: Vec<_> = parsed.file_descriptors.iter().filter_map(|file| file.name.as_deref()).collect();
            // protobuf-parse bundles the well-known types.
            expected.retain(|name| case.root.join(name).exists());
            expected.sort_unstable();
            let paths = read(&case.files, &includes, Vec::new(), &mut |_| {}).paths();
            assert_eq!(paths.0.keys().collect::<Vec<_>>(), expected, "{}", case.name);
        }
        // protobuf-parse does not support editions, groups as types, and names that clash in JSON.
        assert!(refused.len() * 2 < testdata::cases().len(), "too few cases were compared; it rejects {refused:?}");
    }
}
