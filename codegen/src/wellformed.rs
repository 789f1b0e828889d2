//! The gate: descriptors of any content go in, errors come out for whatever a later phase could not survive.

mod containment;
mod defaults;
mod enums;
mod fields;
mod files;
mod imports;
mod maps;
#[cfg(test)]
mod mutants;
mod services;
mod symbols;
#[cfg(test)]
mod tests;

use crate::schema::Schema;
use crate::schema::editions::check_edition;
use rgrpc_schema::descriptor::FileDescriptorProto;
use rgrpc_schema::{DescriptorSet, Diagnostic, Errors, Position};
use symbols::Symbols;

/// Levels of messages in messages, and segments of a package. protoc stops one level earlier.
const NESTING_LIMIT: usize = 32;

/// What is in the files of a set.
///
/// # Errors
/// Fails with everything that no later phase could survive.
pub(crate) fn link(set: &DescriptorSet) -> Result<Schema<'_>, Errors> {
    let mut errors = Errors::default();
    let files = set.read()?;
    for file in &files {
        check_edition(file, &mut errors);
    }
    let mut schema = check(files, &mut errors);
    errors.finish()?;
    schema.resolve_fields();
    Ok(schema)
}

/// What is in `files`, and an error for each way in which they are not what protoc would have written.
fn check<'a>(files: Vec<FileDescriptorProto<'a>>, errors: &mut Errors) -> Schema<'a> {
    let symbols = Symbols::new(files, errors);
    let imports = imports::check(&symbols, errors);
    enums::check(&symbols, errors);
    maps::check(&symbols, errors);
    fields::check(&symbols, imports, errors);
    services::check(&symbols, imports, errors);
    containment::check(&symbols, errors);
    symbols.schema
}

/// What is wrong with an element, to be said after its name.
struct Fault {
    message: String,
    help: Option<String>,
}

impl Fault {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), help: None }
    }

    fn help(self, help: impl Into<String>) -> Self {
        Self { help: Some(help.into()), ..self }
    }

    fn at(self, position: Position, element: &str) -> Diagnostic {
        Diagnostic { help: self.help, ..Diagnostic::at(position, format!("{element} {}", self.message)) }
    }
}

/// Checks the name of an element that `element` describes.
fn name_fault(name: Option<&str>) -> Option<Fault> {
    match name.unwrap_or_default() {
        "" => Some(Fault::new("has no name")),
        name if is_identifier(name) => None,
        name => Some(
            Fault::new(format!("has the name `{}`, which is not an identifier", name.escape_debug()))
                .help("begin with a letter or `_`, go on with letters, digits and `_`"),
        ),
    }
}

fn is_identifier(name: &str) -> bool {
    name.bytes().all(|byte| byte == b'_' || byte.is_ascii_alphanumeric())
        && name.bytes().next().is_some_and(|byte| !byte.is_ascii_digit())
}
