//! Names in, the text of these files and of all they import out: what a build depends on, whichever parser reads it.

mod header;
mod lexer;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use rgrpc_codegen::{Diagnostic, Errors, Position};

use crate::error::cannot;
use crate::{front_end, resolve};
use header::Header;

/// Files by name, and what stands between them and a descriptor set.
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub(crate) files: BTreeMap<String, Source>,
    /// Imports that no include folder has; a parser may bring the file along.
    pub(crate) unresolved: Vec<Import>,
    /// Descriptor sets with files that no include folder has.
    pub(crate) described: Vec<Described>,
    /// Files that cannot be read.
    pub(crate) errors: Errors,
}

/// One file on disk.
#[derive(Debug)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    pub(crate) text: String,
    /// `2023`, and where the file says so.
    pub(crate) edition: Option<(String, Position)>,
}

/// A serialized descriptor set, and the file that it is in.
#[derive(Debug)]
pub(crate) struct Described {
    pub(crate) path: PathBuf,
    pub(crate) bytes: Vec<u8>,
}

/// An import statement.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Import {
    pub(crate) name: String,
    pub(crate) position: Position,
}

/// Reads the named files and all they import.
pub(crate) fn read(names: &[String], includes: &[PathBuf]) -> Sources {
    let mut sources = Sources::default();
    let mut queue: Vec<(String, Option<Position>)> = names.iter().map(|name| (name.clone(), None)).collect();
    while let Some((name, importer)) = queue.pop() {
        if sources.files.contains_key(&name) {
            continue;
        }
        let Some(path) = resolve::find(&name, includes) else {
            sources.unresolved.extend(importer.map(|position| Import { name, position }));
            continue;
        };
        let text = text(&path).unwrap_or_else(|error| {
            sources.errors.push(error);
            String::new()
        });
        let Header { edition, imports } = header::read(&name, &text);
        queue.extend(imports.into_iter().map(|import| (import.name, Some(import.position))));
        sources.files.insert(name, Source { path, text, edition });
    }
    sources
}

impl Sources {
    /// Every file that says `edition =`, but for those that a parser brings along in an older syntax.
    pub(crate) fn editions(&self) -> impl Iterator<Item = &(String, Position)> {
        let own = self.files.iter().filter(|(name, _)| !front_end::is_bundled(name));
        own.filter_map(|(_, source)| source.edition.as_ref())
    }
}

fn text(path: &std::path::Path) -> Result<String, Diagnostic> {
    let bytes = fs::read(path).map_err(|error| cannot("read", path, &error))?;
    let text = String::from_utf8(bytes).map_err(|error| {
        Diagnostic::new(format!("`{}` is not UTF-8: byte {}", path.display(), error.utf8_error().valid_up_to()))
            .help("save the file as UTF-8")
    })?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
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
            let found = read(&case.files, &includes);
            assert_eq!(found.files.keys().collect::<Vec<_>>(), expected, "{}", case.name);
        }
        // It does not know editions, groups as types, and names that clash in JSON.
        assert!(refused.len() < 10, "compared too few: it refused {refused:?}");
    }
}
