//! Lists the types that the Rust of a file refers to.

use rgrpc_schema::schema::{FieldId, Schema};
use rgrpc_schema::source::{MessageStep, Path};

use super::decisions::Decisions;

/// An element that refers to a type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Referrer {
    Field(FieldId),
    /// An extension that has a constant.
    Extension(usize),
    /// A service, and the index of one of its methods.
    Method(usize, usize),
}

impl Referrer {
    pub(crate) fn path(self, schema: &Schema<'_>) -> Path {
        match self {
            Self::Field((message, field)) => schema.messages[message].at.path.in_message(MessageStep::Field, field),
            Self::Extension(extension) => schema.extensions[extension].at.path.clone(),
            Self::Method(service, method) => schema.services[service].at.path.method(method),
        }
    }
}

/// Returns the full name of each type that the Rust of a file refers to, and the element that does, in the order of the file.
pub(crate) fn references<'s>(decisions: &'s Decisions<'_>, file: usize) -> impl Iterator<Item = (&'s str, Referrer)> {
    let Decisions { schema, externs, unknown_fields, .. } = decisions;
    let file = &schema.files[file];
    let messages = file.messages.clone().filter(|&message| !externs.contains(&schema.messages[message].at.full_name));
    let fields = messages.flat_map(|message| {
        let fields = schema.messages[message].descriptor.field.iter().enumerate();
        fields.map(move |(index, field)| (field.type_name(), Referrer::Field((message, index))))
    });
    let extensions = unknown_fields.extension_constants(file.extensions.clone()).flat_map(|extension| {
        let descriptor = &schema.extensions[extension].descriptor;
        [descriptor.extendee(), descriptor.type_name()].map(|name| (name, Referrer::Extension(extension)))
    });
    let methods = file.services.clone().flat_map(|service| {
        let methods = schema.services[service].descriptor.method.iter().enumerate();
        methods.flat_map(move |(index, method)| {
            [method.input_type(), method.output_type()].map(|name| (name, Referrer::Method(service, index)))
        })
    });
    fields.chain(extensions).chain(methods)
}
