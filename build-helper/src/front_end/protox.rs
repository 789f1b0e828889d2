//! The built-in parser: sources in, descriptors out, without a process.

use std::collections::BTreeMap;
use std::path::PathBuf;

use miette::{Diagnostic as _, SourceCode};
use protox::Compiler;
use protox::file::{DescriptorSetFileResolver, File, FileResolver, GoogleFileResolver};
use rgrpc_codegen::{Diagnostic, Errors, Position};

use crate::resolve;
use crate::scan::{Described, Sources};

/// Whether the parser brings a file along: `google/protobuf/timestamp.proto`.
pub(crate) fn is_bundled(name: &str) -> bool {
    name.starts_with("google/protobuf/") && GoogleFileResolver::new().open_file(name).is_ok()
}

pub(super) fn parse(names: &[String], sources: &Sources, includes: &[PathBuf]) -> Result<Vec<u8>, Errors> {
    refuse_unresolved(sources, includes)?;
    let texts = sources.files.iter().map(|(name, source)| (name.clone(), source.text.clone())).collect();
    let mut compiler = Compiler::with_file_resolver(Resolver { texts, described: described(sources)? });
    compiler.include_imports(true).include_source_info(true);
    compiler.open_files(names).map_err(|error| errors(&error))?;
    Ok(compiler.encode_file_descriptor_set())
}

fn refuse_unresolved(sources: &Sources, includes: &[PathBuf]) -> Result<(), Errors> {
    let mut errors = Errors::default();
    for import in sources.unresolved.iter().filter(|import| !is_bundled(&import.name)) {
        errors.push(
            Diagnostic::at(import.position.clone(), format!("imported file `{}` does not exist", import.name))
                .help(format!("searched {}", resolve::list(includes))),
        );
    }
    errors.finish()
}

fn described(sources: &Sources) -> Result<Vec<DescriptorSetFileResolver>, Diagnostic> {
    let decode = |set: &Described| {
        DescriptorSetFileResolver::decode(&*set.bytes)
            .map_err(|error| Diagnostic::new(format!("`{}`: {error}", set.path.display())))
    };
    sources.described.iter().map(decode).collect()
}

/// Files by name. A bundled file stands in for one that is missing, or that is newer than the parser: it cannot read
/// the `descriptor.proto` of today's protoc.
struct Resolver {
    texts: BTreeMap<String, String>,
    described: Vec<DescriptorSetFileResolver>,
}

impl FileResolver for Resolver {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        let bundled = GoogleFileResolver::new();
        if let Some(text) = self.texts.get(name) {
            return File::from_source(name, text).or_else(|error| bundled.open_file(name).map_err(|_| error));
        }
        let described = || self.described.iter().find_map(|set| set.open_file(name).ok());
        bundled.open_file(name).or_else(|error| described().ok_or(error))
    }
}

fn errors(error: &protox::Error) -> Errors {
    let mut errors = Errors::default();
    errors.push(diagnostic(error, error));
    for related in error.related().into_iter().flatten() {
        errors.push(diagnostic(related, error));
    }
    errors.finish().expect_err("there is one")
}

/// A related error leaves the file and its text to the `main` one.
fn diagnostic(error: &dyn miette::Diagnostic, main: &protox::Error) -> Diagnostic {
    let file = || Some(Position { file: main.file()?.to_owned(), line_column: None });
    let position = position(error, error.source_code().or(main.source_code())).or_else(file);
    let help = error.help().map(|help| help.to_string());
    Diagnostic { position, message: error.to_string(), help, note: None }
}

fn position(error: &dyn miette::Diagnostic, text: Option<&dyn SourceCode>) -> Option<Position> {
    let label = error.labels()?.next()?;
    let contents = text?.read_span(label.inner(), 0, 0).ok()?;
    let number = |counted_from_0: usize| u32::try_from(counted_from_0 + 1).ok();
    let line_column = Some((number(contents.line())?, number(contents.column())?));
    Some(Position { file: contents.name()?.to_owned(), line_column })
}
