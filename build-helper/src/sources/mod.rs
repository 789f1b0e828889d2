//! Names in, these files and all that they import, read and parsed, out: what a build depends on, whoever compiles it.

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

/// Files by the names under which they are imported.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub(crate) files: BTreeMap<String, Source>,
    /// The names of files that are nowhere.
    pub(crate) missing: Vec<String>,
    /// Imports of what is nowhere; a protoc may bring the file along.
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

/// Where a file comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// The text at a path.
    Text(PathBuf),
    /// A descriptor set of a crate below, at a path.
    DescriptorSet(PathBuf),
    /// This crate.
    Bundled,
}

/// A file to read, and the import that asks for it.
struct Wanted {
    name: String,
    importer: Option<Position>,
}

/// Reads the named files and all that they import: from the include folders, or else those that are bundled, or else from
/// descriptor sets, of which one is read only if it takes that. Hands out each path in the include folders before it looks there.
pub(crate) fn read(
    names: &[String],
    includes: &[PathBuf],
    sets: Vec<PathBuf>,
    looked_for: &mut impl FnMut(PathBuf),
) -> Sources {
    let mut sets = DescriptorSets::new(sets);
    let mut sources = Sources::default();
    let mut wave: Vec<Wanted> = names.iter().map(|name| Wanted { name: name.clone(), importer: None }).collect();
    while !wave.is_empty() {
        let mut found: Vec<(Wanted, RawSource)> = Vec::new();
        for wanted in wave {
            match find(&wanted.name, includes, &mut sets, looked_for) {
                Ok(Some(input)) => found.push((wanted, input)),
                Ok(None) => {
                    let error = nowhere(&wanted.name, includes);
                    sources.unresolved.push(error.with_position(wanted.importer));
                    sources.missing.push(wanted.name);
                }
                Err(error) => sources.errors.push(error.with_position(wanted.importer)),
            }
        }
        let read =
            parallel::map(Work::Much, &found, |(wanted, input)| input.read(&wanted.name, wanted.importer.as_ref()));
        let mut next: BTreeMap<String, Option<Position>> = BTreeMap::new();
        for ((wanted, input), parsed) in found.into_iter().zip(read) {
            let parsed = parsed.unwrap_or_else(|error| {
                sources.errors.push(error);
                Parsed::default()
            });
            for import in &parsed.file.imports {
                next.entry(import.path.value.clone()).or_insert_with(|| Some(position(&parsed.file, import)));
            }
            sources.files.insert(wanted.name, Source { origin: input.origin(), parsed });
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

    /// The texts that were read.
    pub(crate) fn paths(&self) -> Paths {
        let texts = self.files.iter().filter_map(|(name, source)| Some((name.clone(), source.text()?.to_owned())));
        Paths(texts.collect())
    }
}

impl Origin {
    /// The descriptor set that the file is in, where it is in one.
    pub(crate) fn descriptor_set(&self) -> Option<&PathBuf> {
        if let Self::DescriptorSet(path) = self { Some(path) } else { None }
    }
}

impl Source {
    /// The path of the text, where it is one.
    pub(crate) fn text(&self) -> Option<&Path> {
        if let Origin::Text(path) = &self.origin { Some(path) } else { None }
    }
}

/// The source of a file, before it is parsed.
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
    looked_for: &mut impl FnMut(PathBuf),
) -> Result<Option<RawSource>, Diagnostic> {
    match resolve::find(name, includes, looked_for) {
        Found::File(path) => return Ok(Some(RawSource::Text(path))),
        Found::Other(path) => return Err(resolve::refuse(&path)),
        Found::Nothing => {}
    }
    if let Some(bytes) = bundled::descriptor(name) {
        return Ok(Some(RawSource::Bundled(bytes)));
    }
    Ok(sets.find(name)?.map(|(path, bytes)| RawSource::DescriptorSet(path, bytes)))
}

fn nowhere(name: &str, includes: &[PathBuf]) -> Diagnostic {
    match resolve::canonical(name) {
        Some(canonical) if canonical != name => {
            Diagnostic::new(format!("imported file `{name}` is not a valid name of a file"))
                .help(format!("import `{canonical}`"))
        }
        Some(_) => {
            let searched = || format!("searched {}", resolve::list(includes));
            let help = resolve::near_name(name, includes).unwrap_or_else(searched);
            Diagnostic::new(format!("imported file `{name}` does not exist")).help(help)
        }
        None => Diagnostic::new(format!("imported file `{name}` is outside of every include folder"))
            .help("write its path from an include folder, without `..`"),
    }
}

/// Where an import names its file; a decoded file has no lines.
fn position(file: &File, import: &Import) -> Position {
    let span = import.path.span;
    let line_column = file.encoded.is_none().then_some((span.start_line + 1, span.start_column + 1));
    Position::new(file.name.clone(), line_column)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An independent parser finds the same files, so a build depends on neither too few nor too many.
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
            // It brings the well-known types along.
            expected.retain(|name| case.root.join(name).exists());
            expected.sort_unstable();
            let paths = read(&case.files, &includes, Vec::new(), &mut |_| {}).paths();
            assert_eq!(paths.0.keys().collect::<Vec<_>>(), expected, "{}", case.name);
        }
        // It does not know editions, groups as types, and names that clash in JSON.
        assert!(refused.len() * 2 < testdata::cases().len(), "compared too few: it refused {refused:?}");
    }
}
