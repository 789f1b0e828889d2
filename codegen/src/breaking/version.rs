//! One version of a schema: descriptors in, what they declare and the Rust that is generated for it out.

use std::collections::BTreeSet;

use super::location::Location;
use super::rust::api::{self, Api};
use crate::lower::{self, Decisions};
use crate::options::Options;
use rgrpc_schema::parallel;
use rgrpc_schema::schema::Schema;
use rgrpc_schema::source::Source;
use rgrpc_schema::{DescriptorSet, Errors, Position};

/// One of the versions that [`breaking_changes`](super::breaking_changes) compares.
#[derive(Debug)]
pub struct Version<'a> {
    pub(super) schema: Schema<'a>,
    pub(super) rust: Api,
    sources: Vec<Source<'a>>,
    generated: BTreeSet<&'a str>,
}

/// Whether the options are those of the version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Age {
    Old,
    New,
}

impl<'a> Version<'a> {
    /// Reads the new version: a set, the files of it that are generated, and with which options.
    ///
    /// # Errors
    /// Fails with everything that is wrong with the schema and the options, at once.
    ///
    /// # Panics
    /// Panics only if the generator itself is broken.
    pub fn new(set: &'a DescriptorSet, generated: &[&'a str], options: &Options) -> Result<Self, Errors> {
        Self::read(set, generated, options, Age::New)
    }

    /// Reads the old version. What is not in it, the options may name: they are those of the new one.
    ///
    /// # Errors
    /// Fails with everything that is wrong with the schema, at once.
    ///
    /// # Panics
    /// Panics only if the generator itself is broken.
    pub fn old(set: &'a DescriptorSet, generated: &[&'a str], options: &Options) -> Result<Self, Errors> {
        Self::read(set, generated, options, Age::Old)
    }

    fn read(set: &'a DescriptorSet, generated: &[&'a str], options: &Options, age: Age) -> Result<Self, Errors> {
        let schema = Schema::link(set)?;
        let rust = parallel::with_room(|| {
            let decided = Decisions::new(&schema, options, generated);
            let mut errors = Errors::default();
            let packages = lower::packages(&decided, generated, &mut errors);
            if age == Age::New {
                errors.finish()?;
            }
            Ok::<_, Errors>(api::of(&packages, &decided))
        })?;
        let sources = (0..schema.files.len()).map(|file| schema.source(file)).collect();
        Ok(Self { schema, rust, sources, generated: generated.iter().copied().collect() })
    }

    /// Whether a file of this old version has to be found in the new one: one that is generated, or that the new one
    /// imports too. What else an old version imported may be imported no longer, and the well-known types are those that
    /// whoever read the files has brought along.
    pub(super) fn is_compared(&self, file: usize, new: &Version<'_>) -> bool {
        let name = self.sources[file].file();
        let is_imported = || new.schema.file_named(name).is_some() && !name.starts_with("google/protobuf/");
        self.generated.contains(name) || is_imported()
    }

    /// Whether any file or element has a name like that.
    pub(super) fn has_name(&self, is_wanted: impl Fn(&str) -> bool) -> bool {
        let Schema { files, messages, enums, services, extensions, .. } = &self.schema;
        let is_part = |scope: &str, name: &str| is_wanted(&format!("{scope}.{name}"));
        files.iter().any(|file| is_wanted(file.descriptor.name()))
            || extensions.iter().any(|extension| is_wanted(&extension.at.full_name))
            || messages.iter().any(|message| {
                let (name, mut fields) = (&message.at.full_name, message.descriptor.field.iter());
                is_wanted(name)
                    || fields.any(|field| is_part(name, field.name()))
                    || message.descriptor.oneof_decl.iter().any(|oneof| is_part(name, oneof.name()))
            })
            || enums.iter().any(|enumeration| {
                let (name, mut values) = (&enumeration.at.full_name, enumeration.descriptor.value.iter());
                is_wanted(name) || values.any(|value| is_part(name, value.name()))
            })
            || services.iter().any(|service| {
                let (name, mut methods) = (&service.at.full_name, service.descriptor.method.iter());
                is_wanted(name) || methods.any(|method| is_part(name, method.name()))
            })
    }

    pub(super) fn position(&self, location: &Location) -> Position {
        self.sources[location.file].nearest(&location.path)
    }
}
