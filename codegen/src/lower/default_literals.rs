//! Spells the default of a field as a Rust expression.

use rgrpc_schema::defaults::unescaped;
use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{self, EnumId, Symbol};

use super::decisions::Decisions;
use super::element::FileElements;
use crate::emit::TRY_FROM;
use crate::numbers::{grouped, grouped_digits};

impl FileElements<'_> {
    /// The declared default of a field: a literal, or an expression for a value of its enum.
    pub(super) fn default_literal(&self, field: &schema::Field<'_>, module: &[&str]) -> Option<String> {
        let default = field.descriptor.default_value()?;
        Some(match (field.ty, field.symbol) {
            (Type::Enum, Some(Symbol::Enum(enumeration))) => self.enum_value(enumeration, default, field, module)?,
            (Type::String, _) => format!("{default:?}"),
            (Type::Bytes, _) => format!("b\"{}\"", unescaped(default).escape_ascii()),
            (Type::Double, _) => float("f64", default, &format!("{:?}", default.parse::<f64>().ok()?)),
            (Type::Float, _) => float("f32", default, &format!("{:?}", default.parse::<f32>().ok()?)),
            (Type::Bool, _) => default.to_owned(),
            _ => grouped_digits(default),
        })
    }

    /// The declared default of a field, as a value of the field's own type.
    pub(super) fn owned_default(&self, field: &schema::Field<'_>, module: &[&str]) -> Option<String> {
        let literal = self.default_literal(field, module)?;
        Some(match (field.ty, field.symbol) {
            (Type::String, _) => format!("::core::convert::From::from({literal})"),
            // `Bytes` converts from a slice, but not from an array.
            (Type::Bytes, _) => format!("::core::convert::From::from({literal}.as_slice())"),
            (Type::Enum, Some(Symbol::Enum(enumeration))) if self.is_extern(enumeration) => {
                grouped(self.number(enumeration, field.descriptor.default_value()?)?)
            }
            (Type::Enum, _) => format!("{literal} as i32"),
            _ => literal,
        })
    }

    /// `super::Role::Admin`: a value of a field's enum, or the value that it is an alias of. If an `extern_path` maps the enum, the
    /// names of its variants are unknown, and the number stands for the value.
    fn enum_value(
        &self,
        enumeration: EnumId,
        name: &str,
        field: &schema::Field<'_>,
        module: &[&str],
    ) -> Option<String> {
        let Decisions { names, enum_defaults, .. } = self.decisions;
        if self.is_extern(enumeration) {
            let number = self.number(enumeration, name)?;
            return Some(format!("{TRY_FROM}({}_i32).unwrap_or_default()", grouped(number)));
        }
        let variant = names.variant(enumeration, enum_defaults.named(enumeration, name)?.first);
        Some(format!("{}::{variant}", self.enumeration_of(field, module)?))
    }

    fn is_extern(&self, enumeration: EnumId) -> bool {
        self.decisions.externs.contains(&self.decisions.schema.enums[enumeration].at.full_name)
    }

    fn number(&self, enumeration: EnumId, name: &str) -> Option<i32> {
        Some(self.decisions.enum_defaults.named(enumeration, name)?.number)
    }
}

fn float(ty: &str, default: &str, literal: &str) -> String {
    match default {
        "inf" => format!("{ty}::INFINITY"),
        "-inf" => format!("{ty}::NEG_INFINITY"),
        "nan" | "-nan" => format!("{ty}::NAN"),
        // A number too large for the type has parsed as infinity.
        _ if literal.ends_with("inf") => float(ty, literal, literal),
        _ => grouped_digits(literal),
    }
}
