//! Writes the value of an option as a field of its type.

use super::super::scope::Scope;
use super::super::symbols::Id;
use super::normalize::normalize;
use super::refusal::Refusal;
use super::scalar::{in_range, integer_range, put_float, scalar};
use super::text;
use crate::file::{Kind, OptionValue};
use crate::nearest::suggestion;
use crate::wire;

/// Writes a value as a field. The error is `None` if the type of the field does not resolve, which has been reported.
pub(super) fn write(
    scope: &mut Scope<'_, '_>,
    field: Id,
    value: &OptionValue,
    out: &mut Vec<u8>,
) -> Result<(), Option<Refusal>> {
    let pool = scope.pool;
    let number = pool.field_number(field);
    let kind = pool.kind(field).ok_or(None)?;
    let fault = |what: &str| {
        let text = format!("option `{}` takes {what}, not {}", pool.full_name(field), describe(value));
        Err(Some((text, None)))
    };
    match kind {
        Kind::Bool => match value {
            OptionValue::Identifier(name) if name == "true" => scalar(out, number, kind, 1),
            OptionValue::Identifier(name) if name == "false" => scalar(out, number, kind, 0),
            _ => return fault("`true` or `false`"),
        },
        Kind::String | Kind::Bytes => match value {
            OptionValue::String(text) => wire::put_bytes(out, number, text),
            _ => return fault("a string in quotes"),
        },
        Kind::Float | Kind::Double => match float(value) {
            Some(value) => put_float(out, number, kind, value),
            None => return fault("a number"),
        },
        Kind::Enum => {
            let target = pool.link(field).target.ok_or(None)?;
            let OptionValue::Identifier(name) = value else { return fault("the name of an enum value") };
            let found = pool.value_named(target, name).ok_or_else(|| {
                let values = pool.enumeration(target).into_iter().flat_map(|item| &item.values);
                let help = suggestion(name, values.map(|value| &*value.name.value));
                Some((format!("enum `{}` has no value `{name}`", pool.full_name(target)), help))
            })?;
            scope.used.insert(found.file);
            scalar(out, number, kind, i64::from(pool.enum_number(found)).cast_unsigned());
        }
        Kind::Message | Kind::Group => {
            let target = pool.link(field).target.ok_or(None)?;
            let OptionValue::Aggregate(source) = value else {
                let text = format!("option `{}` is a message", pool.full_name(field));
                let help = "write `= { field: value }`, or set a single field: `.field = value`";
                return Err(Some((text, Some(help.to_owned()))));
            };
            let mut body = Vec::new();
            text::parse(scope, target, source.as_ref(), &mut body).map_err(|fault| {
                let fault = fault?;
                let text = format!("value of option `{}`: {}", pool.full_name(field), fault.0);
                Some((text, fault.1))
            })?;
            let body = normalize(pool, target, &body);
            if kind == Kind::Group { wire::put_group(out, number, &body) } else { wire::put_bytes(out, number, &body) }
        }
        _ => match integer(value).and_then(|value| in_range(kind, value)) {
            Some(value) => scalar(out, number, kind, value),
            None => return fault(&integer_range(kind)),
        },
    }
    Ok(())
}

fn integer(value: &OptionValue) -> Option<i128> {
    match *value {
        OptionValue::Positive(value) => Some(value.into()),
        OptionValue::Negative(value) => Some(value.into()),
        _ => None,
    }
}

fn float(value: &OptionValue) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "the nearest number is meant")]
    match value {
        OptionValue::Double(value) => Some(*value),
        OptionValue::Positive(value) => Some(*value as f64),
        OptionValue::Negative(value) => Some(*value as f64),
        OptionValue::Identifier(name) if name == "inf" => Some(f64::INFINITY),
        OptionValue::Identifier(name) if name == "nan" => Some(f64::NAN),
        _ => None,
    }
}

fn describe(value: &OptionValue) -> String {
    match value {
        OptionValue::Identifier(name) => format!("`{name}`"),
        OptionValue::Positive(value) => value.to_string(),
        OptionValue::Negative(value) => value.to_string(),
        OptionValue::Double(value) => value.to_string(),
        OptionValue::String(_) => "a string".to_owned(),
        OptionValue::Aggregate(_) => "a message".to_owned(),
    }
}
