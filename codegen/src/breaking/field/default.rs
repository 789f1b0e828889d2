//! The rule about defaults: the declared one, or the zero value of the type.

use rgrpc_schema::defaults::unescaped;
use rgrpc_schema::descriptor::{EnumValueDescriptorProto, Type};
use rgrpc_schema::tags::field::DEFAULT_VALUE;

use super::super::elements::{Cardinality, DeclaredField};
use super::super::report::Report;
use super::pair::FieldPair;

/// A default, in a form that can be compared across types.
#[derive(Debug, Clone, PartialEq)]
enum DefaultValue {
    Text(Vec<u8>),
    /// An integer, a bool, or the number of an enum value.
    Integer(i128),
    /// A number, and the type that sets its precision.
    Float(f64, Type),
}

pub(in super::super) fn same_default(pair: FieldPair<'_, '_>, report: &mut Report<'_>) {
    let (Some(old), Some(new)) = (of(&pair.old), of(&pair.new)) else { return };
    let both_zero = old.is_zero() && new.is_zero();
    if !both_zero && !equal(&old, &new) {
        let default = pair.map(display_default);
        let message =
            format!("{} changed its default from {} to {}", pair.new.display_name(), default.old, default.new);
        report.changed_at(pair, &[DEFAULT_VALUE], message);
    }
}

/// The default of a field. Repeated fields, maps and messages have none.
fn of(field: &DeclaredField<'_>) -> Option<DefaultValue> {
    if matches!(field.cardinality(), Cardinality::Repeated | Cardinality::Map) {
        return None;
    }
    let stated = field.descriptor.default_value();
    Some(match field.ty() {
        Type::Message | Type::Group => return None,
        Type::String => DefaultValue::Text(stated.unwrap_or_default().as_bytes().to_owned()),
        Type::Bytes => DefaultValue::Text(unescaped(stated.unwrap_or_default())),
        Type::Bool => DefaultValue::Integer((stated == Some("true")).into()),
        Type::Enum => DefaultValue::Integer(value_of_enum(field, stated).into()),
        kind @ (Type::Float | Type::Double) => DefaultValue::Float(stated.map_or(0.0, number), kind),
        _ => DefaultValue::Integer(stated.and_then(|stated| stated.parse().ok()).unwrap_or_default()),
    })
}

/// The number of the declared default, or of the first value of the enum.
fn value_of_enum(field: &DeclaredField<'_>, stated: Option<&str>) -> i32 {
    let values = || field.enumeration().into_iter().flat_map(|enumeration| &enumeration.descriptor.value);
    let stated = stated.and_then(|stated| values().find(|value| value.name() == stated));
    stated.or_else(|| values().next()).map_or(0, EnumValueDescriptorProto::number)
}

/// Parses a number. Rust accepts `inf` and `nan` as descriptors spell them.
fn number(stated: &str) -> f64 {
    stated.parse().unwrap_or_default()
}

impl DefaultValue {
    fn is_zero(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Integer(number) => *number == 0,
            // Negative zero is a different value on the wire.
            Self::Float(number, _) => number.to_bits() == 0,
        }
    }
}

/// Compares numbers across types, because the type may have changed to a compatible one.
#[expect(clippy::float_cmp, clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "equal is equal")]
fn equal(old: &DefaultValue, new: &DefaultValue) -> bool {
    match (old, new) {
        (DefaultValue::Float(a, a_type), DefaultValue::Float(b, b_type)) => {
            let narrow = a_type != b_type || *a_type == Type::Float;
            let (a, b) = if narrow { (f64::from(*a as f32), f64::from(*b as f32)) } else { (*a, *b) };
            a == b || (a.is_nan() && b.is_nan())
        }
        (DefaultValue::Float(float, _), DefaultValue::Integer(integer))
        | (DefaultValue::Integer(integer), DefaultValue::Float(float, _)) => *float == *integer as f64,
        _ => old == new,
    }
}

fn display_default(field: &DeclaredField<'_>) -> String {
    let zero = || match field.ty() {
        Type::String | Type::Bytes => "nothing".to_owned(),
        Type::Bool => "`false`".to_owned(),
        Type::Enum => {
            let first = field.enumeration().and_then(|enumeration| enumeration.descriptor.value.first());
            format!("`{}`", first.map_or("0", |value| value.name()))
        }
        _ => "`0`".to_owned(),
    };
    field.descriptor.default_value().map_or_else(zero, |stated| format!("`{}`", stated.escape_debug()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_compared_across_types() {
        let float = |number| DefaultValue::Float(number, Type::Float);
        let double = |number| DefaultValue::Float(number, Type::Double);
        for (old, new, expected) in [
            (DefaultValue::Integer(1), double(1.0), true),
            (DefaultValue::Integer(1), double(1.5), false),
            (float(0.1), double(0.1), true),
            (double(0.1), double(0.1 + f64::EPSILON), false),
            (float(f64::NAN), double(f64::NAN), true),
            (DefaultValue::Text(b"1".to_vec()), DefaultValue::Integer(1), false),
        ] {
            assert_eq!(equal(&old, &new), expected, "{old:?} {new:?}");
        }
    }
}
