//! A file in, the types that its Rust names out.

use rgrpc_schema::schema::{FieldId, Schema};
use rgrpc_schema::source::{MessageStep, Path};

use super::decisions::Decisions;

/// The elements that name a type.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Use {
    Field(FieldId),
    /// An extension that has a constant.
    Extension(usize),
    /// A method of a service, by its index there.
    Method(usize, usize),
}

impl Use {
    pub(crate) fn path(self, schema: &Schema<'_>) -> Path {
        match self {
            Self::Field((message, field)) => schema.messages[message].at.path.in_message(MessageStep::Field, field),
            Self::Extension(extension) => schema.extensions[extension].at.path.clone(),
            Self::Method(service, method) => schema.services[service].at.path.method(method),
        }
    }
}

/// The types that the Rust of a file names, and what names them, in the order of the file.
pub(crate) fn uses<'s>(decided: &'s Decisions<'_>, file: usize) -> impl Iterator<Item = (&'s str, Use)> {
    let Decisions { schema, externs, kept, .. } = decided;
    let file = &schema.files[file];
    let messages = file.messages.clone().filter(|&message| !externs.contains(&schema.messages[message].at.full_name));
    let fields = messages.flat_map(|message| {
        let fields = schema.messages[message].descriptor.field.iter().enumerate();
        fields.map(move |(index, field)| (field.type_name(), Use::Field((message, index))))
    });
    let extensions = kept.constants(file.extensions.clone()).flat_map(|extension| {
        let descriptor = &schema.extensions[extension].descriptor;
        [descriptor.extendee(), descriptor.type_name()].map(|name| (name, Use::Extension(extension)))
    });
    let methods = file.services.clone().flat_map(|service| {
        let methods = schema.services[service].descriptor.method.iter().enumerate();
        methods.flat_map(move |(index, method)| {
            [method.input_type(), method.output_type()].map(|name| (name, Use::Method(service, index)))
        })
    });
    fields.chain(extensions).chain(methods)
}
