//! The default of a field in, the text by which prost is told it out.

use rgrpc_schema::defaults::unescaped;
use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{Field, Schema, Symbol};

use super::floats;
use super::names::Names;

pub(super) fn prost_text(schema: &Schema<'_>, names: &Names<'_>, field: &Field<'_>) -> Option<String> {
    let default = field.descriptor.default_value()?;
    Some(match (field.ty, field.symbol) {
        (Type::Bytes, _) => {
            // Once for the literal of bytes, and once for the attribute that it is in.
            let literal = unescaped(default).into_iter().flat_map(std::ascii::escape_default);
            let literal: String = literal.flat_map(|byte| char::from(byte).escape_default()).collect();
            format!("b\\\"{literal}\\\"")
        }
        (Type::Enum, Some(Symbol::Enum(enumeration))) => {
            let declared = &schema.enums[enumeration];
            let value = declared.descriptor.value.iter().position(|value| value.name() == default)?;
            // An alias has no variant of its own.
            names.variant(enumeration, declared.first_of_each_number()[value])
        }
        (ty, _) => floats::canonical(ty, default).escape_default().to_string(),
    })
}
