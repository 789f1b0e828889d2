//! The value of an option, by the type of its field.

use super::super::scope::Scope;
use super::super::symbols::{Id, Symbol};
use super::{Fault, normalize, text};
use crate::file::{Kind, Value};
use crate::nearest::suggestion;
use crate::wire;

/// Writes a value as a field; no fault is given where its type is not known.
pub(super) fn write(
    scope: &mut Scope<'_, '_>,
    field: Id,
    value: &Value,
    out: &mut Vec<u8>,
) -> Result<(), Option<Fault>> {
    let world = scope.world;
    let number = super::field_number(world, field);
    let kind = world.kind(field).ok_or(None)?;
    let fault = |what: &str| {
        let text = format!("option `{}` takes {what}, not {}", world.full_name(field), describe(value));
        Err(Some((text, None)))
    };
    match kind {
        Kind::Bool => match value {
            Value::Identifier(name) if name == "true" => scalar(out, number, kind, 1),
            Value::Identifier(name) if name == "false" => scalar(out, number, kind, 0),
            _ => return fault("`true` or `false`"),
        },
        Kind::String | Kind::Bytes => match value {
            Value::String(text) => wire::put_bytes(out, number, text),
            _ => return fault("a string in quotes"),
        },
        Kind::Float | Kind::Double => match float(value) {
            Some(value) => put_float(out, number, kind, value),
            None => return fault("a number"),
        },
        Kind::Enum => {
            let target = world.link(field).target.ok_or(None)?;
            let Value::Identifier(name) = value else { return fault("the name of a value of its enum") };
            let found = world.value_named(target, name).ok_or_else(|| {
                let values = world.enumeration(target).into_iter().flat_map(|item| &item.values);
                let help = suggestion(name, values.map(|value| &*value.name.value));
                Some((format!("enum `{}` has no value `{name}`", world.full_name(target)), help))
            })?;
            scope.used.insert(found.file);
            scalar(out, number, kind, i64::from(enum_number(scope, found)).cast_unsigned());
        }
        Kind::Message | Kind::Group => {
            let target = world.link(field).target.ok_or(None)?;
            let Value::Aggregate(source) = value else {
                let text = format!("option `{}` is a message", world.full_name(field));
                let help = "write `= { field: value }`, or set a field of it: `.field = value`";
                return Err(Some((text, Some(help.to_owned()))));
            };
            let mut body = Vec::new();
            text::parse(scope, target, source.as_ref(), &mut body).map_err(|fault| {
                let fault = fault?;
                let text = format!("value of option `{}`: {}", world.full_name(field), fault.0);
                Some((text, fault.1))
            })?;
            let body = normalize(world, target, &body);
            if kind == Kind::Group { wire::put_group(out, number, &body) } else { wire::put_bytes(out, number, &body) }
        }
        _ => match integer(value).and_then(|value| in_range(kind, value)) {
            Some(value) => scalar(out, number, kind, value),
            None => return fault(&integer_range(kind)),
        },
    }
    Ok(())
}

/// Returns the number of an enum's value.
pub(super) fn enum_number(scope: &Scope<'_, '_>, value: Id) -> i32 {
    match scope.world.entry(value).element {
        super::Element::Value(value) => value.number.value,
        _ => 0,
    }
}

/// Finds the value of an enum that has a number.
pub(super) fn value_numbered(scope: &Scope<'_, '_>, item: Id, number: i64) -> bool {
    scope
        .world
        .enumeration(item)
        .is_some_and(|item| item.values.iter().any(|value| i64::from(value.number.value) == number))
}

fn integer(value: &Value) -> Option<i128> {
    match *value {
        Value::Positive(value) => Some(value.into()),
        Value::Negative(value) => Some(value.into()),
        _ => None,
    }
}

fn float(value: &Value) -> Option<f64> {
    #[allow(clippy::cast_precision_loss, reason = "the nearest number is what is meant")]
    match value {
        Value::Double(value) => Some(*value),
        Value::Positive(value) => Some(*value as f64),
        Value::Negative(value) => Some(*value as f64),
        Value::Identifier(name) if name == "inf" => Some(f64::INFINITY),
        Value::Identifier(name) if name == "nan" => Some(f64::NAN),
        _ => None,
    }
}

/// Returns the bits of an integer that its type holds, as they are before they are encoded.
pub(super) fn in_range(kind: Kind, value: i128) -> Option<u64> {
    let (low, high) = bounds(kind);
    if !(low..=high).contains(&value) {
        return None;
    }
    u64::try_from(value).ok().or_else(|| i64::try_from(value).ok().map(i64::cast_unsigned))
}

fn bounds(kind: Kind) -> (i128, i128) {
    match kind {
        Kind::Int32 | Kind::Sint32 | Kind::Sfixed32 => (i32::MIN.into(), i32::MAX.into()),
        Kind::Uint32 | Kind::Fixed32 => (0, u32::MAX.into()),
        Kind::Uint64 | Kind::Fixed64 => (0, u64::MAX.into()),
        _ => (i64::MIN.into(), i64::MAX.into()),
    }
}

pub(super) fn integer_range(kind: Kind) -> String {
    let (low, high) = bounds(kind);
    format!("an integer from {low} to {high}")
}

/// Writes an integer, a bool or an enum as a field of its type.
pub(super) fn scalar(out: &mut Vec<u8>, number: i32, kind: Kind, bits: u64) {
    let zigzag = |bits: u64| (bits << 1) ^ (bits.cast_signed() >> 63).cast_unsigned();
    match kind {
        Kind::Fixed32 | Kind::Sfixed32 => {
            wire::put_tag(out, number, 5);
            out.extend_from_slice(&bits.to_le_bytes()[..4]);
        }
        Kind::Fixed64 | Kind::Sfixed64 => {
            wire::put_tag(out, number, 1);
            out.extend_from_slice(&bits.to_le_bytes());
        }
        _ => {
            wire::put_tag(out, number, 0);
            wire::put_varint(out, if matches!(kind, Kind::Sint32 | Kind::Sint64) { zigzag(bits) } else { bits });
        }
    }
}

/// Writes a number as a float or a double.
pub(super) fn put_float(out: &mut Vec<u8>, number: i32, kind: Kind, value: f64) {
    if kind == Kind::Float {
        wire::put_tag(out, number, 5);
        #[allow(
            clippy::cast_possible_truncation,
            reason = "the nearest float, or infinity, is what protoc makes of it"
        )]
        out.extend_from_slice(&(value as f32).to_le_bytes());
    } else {
        wire::put_tag(out, number, 1);
        out.extend_from_slice(&value.to_le_bytes());
    }
}

fn describe(value: &Value) -> String {
    match value {
        Value::Identifier(name) => format!("`{name}`"),
        Value::Positive(value) => value.to_string(),
        Value::Negative(value) => value.to_string(),
        Value::Double(value) => value.to_string(),
        Value::String(_) => "a string".to_owned(),
        Value::Aggregate(_) => "a message".to_owned(),
    }
}

/// Returns the extension that text format names: an extension, or the message of a message set.
pub(super) fn extension_of(scope: &Scope<'_, '_>, message: Id, found: Symbol) -> Option<Id> {
    let world = scope.world;
    let Symbol::Element(id) = found else { return None };
    if world.field(id).is_some() {
        return (world.container(id) == Some(message)).then_some(id);
    }
    let super::Element::Message(declared, members) = world.entry(id).element else { return None };
    let mut extensions =
        (0..declared.extensions.len()).map(|index| Id { element: members.extensions + super::number(index), ..id });
    extensions.find(|&extension| {
        let link = world.link(extension);
        world.is_message_set(message)
            && link.other == Some(message)
            && link.kind == Some(Kind::Message)
            && link.target == Some(id)
            && !world.is_repeated(extension)
    })
}
