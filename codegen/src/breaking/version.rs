//! A version of a schema: its declarations, and the Rust that is generated for it.

use std::collections::BTreeSet;

use rgrpc_schema::schema::Schema;
use rgrpc_schema::source::Source;
use rgrpc_schema::{DescriptorSet, Errors, Position, parallel};

use super::location::Location;
use super::rust::api::{self, Api};
use crate::lower::{self, Decisions};
use crate::options::Options;

/// A version of a schema, to be compared by [`breaking_changes`](super::breaking_changes).
#[derive(Debug)]
pub struct Version<'a> {
    pub(super) schema: Schema<'a>,
    pub(super) rust: Api,
    sources: Vec<Source<'a>>,
    generated: BTreeSet<&'a str>,
}

/// The age of a version, which decides whether the options have to fit it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Age {
    Old,
    New,
}

impl<'a> Version<'a> {
    /// Returns the new version: a descriptor set, the files of it that are generated, and the options with which they are.
    ///
    /// # Errors
    /// Fails with all errors in the schema and the options at once.
    ///
    /// # Panics
    /// Panics only at a bug in the generator.
    pub fn new(set: &'a DescriptorSet, generated: &[&'a str], options: &Options) -> Result<Self, Errors> {
        Self::read(set, generated, options, Age::New)
    }

    /// Returns the old version. `options` are those of the new version, so they may name elements that the old version lacks.
    ///
    /// # Errors
    /// Fails with all errors in the schema at once.
    ///
    /// # Panics
    /// Panics only at a bug in the generator.
    pub fn old(set: &'a DescriptorSet, generated: &[&'a str], options: &Options) -> Result<Self, Errors> {
        Self::read(set, generated, options, Age::Old)
    }

    fn read(set: &'a DescriptorSet, generated: &[&'a str], options: &Options, age: Age) -> Result<Self, Errors> {
        let schema = Schema::link(set)?;
        let rust = parallel::on_large_stack(|| {
            let decisions = Decisions::new(&schema, options, generated);
            let mut errors = Errors::default();
            let packages = lower::packages(&decisions, generated, &mut errors);
            if age == Age::New {
                errors.finish()?;
            }
            Ok::<_, Errors>(api::of(&packages, &decisions))
        })?;
        let sources = (0..schema.files.len()).map(|file| schema.source(file)).collect();
        Ok(Self { schema, rust, sources, generated: generated.iter().copied().collect() })
    }

    /// Whether a file of this version is compared with the `new` one: if it is generated, or if the new version has it too. Other imports
    /// may be missing from the new version. Well-known types are not compared, because they come with the compiler.
    pub(super) fn is_compared(&self, file: usize, new: &Version<'_>) -> bool {
        let name = self.sources[file].file();
        let is_imported = || new.schema.file_named(name).is_some() && !name.starts_with("google/protobuf/");
        self.generated.contains(name) || is_imported()
    }

    /// The names of all files, and the full names of all elements.
    pub(super) fn names(&self) -> impl Iterator<Item = String> {
        let Schema { files, messages, enums, services, extensions, .. } = &self.schema;
        let part = |scope: &str, name: &str| format!("{scope}.{name}");
        let files = files.iter().map(|file| file.descriptor.name().to_owned());
        let extensions = extensions.iter().map(|extension| extension.at.full_name.clone());
        let messages = messages.iter().flat_map(move |message| {
            let (name, descriptor) = (&message.at.full_name, &message.descriptor);
            let fields = descriptor.field.iter().map(move |field| part(name, field.name()));
            let oneofs = descriptor.oneof_decl.iter().map(move |oneof| part(name, oneof.name()));
            [name.clone()].into_iter().chain(fields).chain(oneofs)
        });
        let enums = enums.iter().flat_map(move |enumeration| {
            let name = &enumeration.at.full_name;
            let values = enumeration.descriptor.value.iter().map(move |value| part(name, value.name()));
            [name.clone()].into_iter().chain(values)
        });
        let services = services.iter().flat_map(move |service| {
            let name = &service.at.full_name;
            let methods = service.descriptor.method.iter().map(move |method| part(name, method.name()));
            [name.clone()].into_iter().chain(methods)
        });
        files.chain(extensions).chain(messages).chain(enums).chain(services)
    }

    pub(super) fn position(&self, location: &Location) -> Position {
        self.sources[location.file].nearest(&location.path)
    }
}
