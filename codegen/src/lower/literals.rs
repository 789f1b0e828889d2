//! The default of a field in, the Rust that stands for it out.

use rgrpc_schema::defaults::unescaped;
use rgrpc_schema::descriptor::Type;
use rgrpc_schema::schema::{self, Symbol};

use super::element::Elements;

impl Elements<'_> {
    /// The default that a field declares, as a literal, or as the path of a value of its enum.
    pub(super) fn default_literal(&self, field: &schema::Field<'_>, module: &[&str]) -> Option<String> {
        let default = field.descriptor.default_value()?;
        Some(match (field.ty, field.symbol) {
            (Type::Enum, Some(Symbol::Enum(enumeration))) => {
                let values = &self.decided.schema.enums[enumeration].descriptor.value;
                let value = values.iter().position(|value| value.name() == default)?;
                self.value_path(field, value, module)?
            }
            (Type::String, _) => format!("{default:?}"),
            (Type::Bytes, _) => format!("b\"{}\"", unescaped(default).escape_ascii()),
            (Type::Double, _) => float("f64", default, &format!("{:?}", default.parse::<f64>().ok()?)),
            (Type::Float, _) => float("f32", default, &format!("{:?}", default.parse::<f32>().ok()?)),
            (Type::Bool, _) => default.to_owned(),
            _ => grouped(default),
        })
    }

    /// `super::Role::Admin`, a value of a field's enum, or the one that it is an alias of.
    fn value_path(&self, field: &schema::Field<'_>, value: usize, module: &[&str]) -> Option<String> {
        let Some(Symbol::Enum(enumeration)) = field.symbol else { return None };
        let first = self.decided.schema.enums[enumeration].first_of_each_number()[value];
        let variant = self.decided.names.variant(enumeration, first);
        Some(format!("{}::{variant}", self.enumeration_of(field, module)?))
    }
}

/// The literal as a value of the field's own type.
pub(super) fn owned(ty: Type, literal: &str) -> String {
    match ty {
        Type::String => format!("::core::convert::From::from({literal})"),
        // Of an array, not every type of bytes can be made.
        Type::Bytes => format!("::core::convert::From::from({literal}.as_slice())"),
        Type::Enum => format!("{literal} as i32"),
        _ => literal.to_owned(),
    }
}

fn float(ty: &str, default: &str, literal: &str) -> String {
    match default {
        "inf" => format!("{ty}::INFINITY"),
        "-inf" => format!("{ty}::NEG_INFINITY"),
        "nan" | "-nan" => format!("{ty}::NAN"),
        // What is too large for the type is infinite.
        _ if literal.ends_with("inf") => float(ty, literal, literal),
        _ => match literal.split_once('.') {
            Some((whole, rest)) => format!("{}.{rest}", grouped(whole)),
            None => literal.to_owned(),
        },
    }
}

/// A number with its digits in groups: `2_147_483_647`.
fn grouped(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    if digits.len() < 6 {
        return number.to_owned();
    }
    let mut out = sign.to_owned();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index) % 3 == 0 {
            out.push('_');
        }
        out.push(digit);
    }
    out
}
