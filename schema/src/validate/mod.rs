//! Validates descriptors from any source, so that later phases can rely on them.
//!
//! It refuses only what no compiler, however old, would have written, and what no Rust can be generated for.

mod containment;
mod defaults;
mod enums;
mod extensions;
mod fields;
mod files;
mod imports;
mod maps;
mod oneofs;
mod ranges;
mod scopes;
mod services;
mod symbols;
#[cfg(test)]
mod tests;
mod unresolved;
mod violation;
mod visible;

use crate::descriptor::FileDescriptorProto;
use crate::parallel::{self, Work};
use crate::schema::Schema;
use crate::{DescriptorSet, Errors};
use symbols::Symbols;

impl<'a> Schema<'a> {
    /// Validates the files of a descriptor set and resolves their references.
    ///
    /// The files may come from any compiler: whatever none would have written is refused.
    ///
    /// # Errors
    /// Fails with everything that is wrong, all at once.
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
        let schema = check(set.read()?, &mut errors);
        errors.finish()?;
        Ok(schema)
    }
}

/// Makes a schema of `files`, and adds an error for everything that no compiler would have written.
fn check<'a>(files: Vec<FileDescriptorProto<'a>>, errors: &mut Errors) -> Schema<'a> {
    let symbols = Symbols::new(files, errors);
    let imports = imports::check(&symbols, errors);
    let found = parallel::map(Work::Little, &symbols.schema.files, |file| {
        let mut errors = Errors::default();
        enums::check(&symbols, file, &mut errors);
        scopes::check(&symbols, file, &mut errors);
        ranges::check(&symbols, file, &mut errors);
        maps::check(&symbols, file, &mut errors);
        oneofs::check(&symbols, file, &mut errors);
        fields::check(&symbols, file, imports, &mut errors);
        extensions::check(&symbols, file, imports, &mut errors);
        services::check(&symbols, file, imports, &mut errors);
        errors
    });
    errors.extend(found.into_iter().flatten());
    extensions::repetitions(&symbols, errors);
    scopes::packages(&symbols, errors);
    containment::check(&symbols, errors);
    symbols.schema
}
