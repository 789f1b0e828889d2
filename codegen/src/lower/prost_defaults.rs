//! Spells the default of a field as prost's attribute takes it.

use rgrpc_schema::defaults::unescaped;
use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{Field, Symbol};

use super::decisions::Decisions;
use super::floats;

pub(super) fn text(decisions: &Decisions<'_>, field: &Field<'_>) -> Option<String> {
    let Decisions { names, enum_defaults, .. } = decisions;
    let default = field.descriptor.default_value()?;
    Some(match (field.ty, field.symbol) {
        (Type::Bytes, _) => {
            // Escaped once for the byte string, and once for the string literal of the attribute that contains it.
            let literal = unescaped(default).into_iter().flat_map(std::ascii::escape_default);
            let literal: String = literal.flat_map(|byte| char::from(byte).escape_default()).collect();
            format!("b\\\"{literal}\\\"")
        }
        (Type::Enum, Some(Symbol::Enum(enumeration))) => {
            names.variant(enumeration, enum_defaults.named(enumeration, default)?.first)
        }
        (ty, _) => floats::canonical(ty, default).escape_default().to_string(),
    })
}
