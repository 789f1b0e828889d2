//! A file in, whether what is generated for it names anything that is deprecated out: that would warn.

use crate::schema::Schema;

/// Whether the Rust of a file declares or names anything that is deprecated.
pub(crate) fn is_named_in(schema: &Schema<'_>, file: usize) -> bool {
    let file = &schema.files[file];
    let is_type = |name: &str| schema.resolve(name).is_some_and(|symbol| schema.is_deprecated(symbol));
    let mut services = schema.services[file.services.clone()].iter();
    let mut fields = file.messages.clone().flat_map(|message| schema.fields_of(message));
    file.descriptor.is_deprecated()
        || schema.messages[file.messages.clone()].iter().any(|message| message.is_deprecated)
        || schema.enums[file.enums.clone()].iter().any(|enumeration| enumeration.is_deprecated)
        || fields.any(|field| field.symbol.is_some_and(|symbol| schema.is_deprecated(symbol)))
        || services.any(|service| {
            let mut methods = service.descriptor.method.iter();
            service.descriptor.is_deprecated()
                || methods.any(|method| {
                    method.is_deprecated() || is_type(method.input_type()) || is_type(method.output_type())
                })
        })
}
