//! The gate: descriptors of any content go in, errors come out for whatever a later phase could not survive.

mod containment;
mod defaults;
mod enums;
mod fault;
mod fields;
mod files;
mod imports;
mod maps;
mod services;
mod symbols;
#[cfg(test)]
mod tests;

use crate::descriptor::FileDescriptorProto;
use crate::schema::Schema;
use crate::schema::editions::check_edition;
use crate::{DescriptorSet, Errors};
use symbols::Symbols;

impl<'a> Schema<'a> {
    /// Links the files of a set, which are descriptors of any content.
    ///
    /// # Errors
    /// Fails with everything that no later phase could survive, at once.
    ///
    /// ```
    /// use rgrpc_schema::{DescriptorSet, Schema};
    ///
    /// let set = DescriptorSet::decode(Vec::new())?;
    /// assert!(Schema::link(&set)?.messages.is_empty());
    /// # Ok::<_, rgrpc_schema::Errors>(())
    /// ```
    pub fn link(set: &'a DescriptorSet) -> Result<Self, Errors> {
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
