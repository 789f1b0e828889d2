//! A descriptor set of protox in, the same with the defaults of floats spelled as protoc spells them out.
//!
//! protox writes `15000000000` where protoc writes `1.5e+10`, and that text reaches the generated code.

use protox::prost_reflect::prost::Message as _;
use protox::prost_reflect::{DescriptorPool, DynamicMessage, ReflectMessage as _, Value};

const DOUBLE: i32 = 1;
const FLOAT: i32 = 2;

pub(super) fn as_protoc_writes_them(descriptor_set: Vec<u8>) -> Vec<u8> {
    let set = DescriptorPool::global().get_message_by_name("google.protobuf.FileDescriptorSet");
    let decoded = set.and_then(|set| DynamicMessage::decode(set, &*descriptor_set).ok());
    let changed = decoded.and_then(|mut set| rewrite(&mut set).then(|| set.encode_to_vec()));
    changed.unwrap_or(descriptor_set)
}

/// Whether any default below `message` had to change.
fn rewrite(message: &mut DynamicMessage) -> bool {
    let mut changed = message.descriptor().name() == "FieldDescriptorProto" && rewrite_field(message);
    for children in ["file", "message_type", "nested_type", "field", "extension"] {
        let children = message.get_field_by_name_mut(children).and_then(Value::as_list_mut);
        for child in children.into_iter().flatten().filter_map(Value::as_message_mut) {
            changed |= rewrite(child);
        }
    }
    changed
}

fn rewrite_field(field: &mut DynamicMessage) -> bool {
    let number = field.get_field_by_name("type").and_then(|value| value.as_enum_number());
    let text = field.get_field_by_name("default_value").and_then(|value| value.as_str().map(str::to_owned));
    let (Some(type_ @ (DOUBLE | FLOAT)), Some(text)) = (number, text) else { return false };
    let Ok(value) = text.parse::<f64>() else { return false };
    let spelled = if type_ == FLOAT { spell_float(value) } else { spell_double(value) };
    if spelled == text {
        return false;
    }
    field.set_field_by_name("default_value", Value::String(spelled));
    true
}

/// C's `%.15g`, or `%.17g` where that loses digits.
fn spell_double(value: f64) -> String {
    let short = general(value, 15);
    if short.parse() == Ok(value) { short } else { general(value, 17) }
}

/// C's `%.6g`, or `%.9g` where that loses digits.
fn spell_float(value: f64) -> String {
    #[expect(clippy::cast_possible_truncation, reason = "the field has no more digits")]
    let value = value as f32;
    let short = general(value.into(), 6);
    if short.parse() == Ok(value) { short } else { general(value.into(), 9) }
}

/// C's `%g` with `digits` significant ones.
fn general(value: f64, digits: i32) -> String {
    if value.is_nan() {
        return "nan".to_owned();
    }
    let decimals = |count: i32| usize::try_from(count).unwrap_or_default();
    let text = format!("{value:.*e}", decimals(digits - 1));
    let Some((mantissa, exponent)) = text.split_once('e') else { return value.to_string() };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if (-4..digits).contains(&exponent) {
        return without_zeros(&format!("{value:.*}", decimals(digits - 1 - exponent))).to_owned();
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{}e{sign}{:02}", without_zeros(mantissa), exponent.abs())
}

fn without_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_spelled_as_c_spells_them() {
        for (value, double, float) in [
            (0.0, "0", "0"),
            (-0.0, "-0", "-0"),
            (1.0, "1", "1"),
            (-0.25, "-0.25", "-0.25"),
            (0.1, "0.1", "0.1"),
            (0.1 + 0.2, "0.30000000000000004", "0.3"),
            (1.0 / 3.0, "0.33333333333333331", "0.333333343"),
            (0.0001, "0.0001", "0.0001"),
            (0.00001, "1e-05", "1e-05"),
            (100_000.0, "100000", "100000"),
            (1e6, "1000000", "1e+06"),
            (1_234_567.0, "1234567", "1234567"),
            (16_777_217.0, "16777217", "16777216"),
            (1.5e10, "15000000000", "1.5e+10"),
            (1e15, "1e+15", "1e+15"),
            (5e-324, "4.94065645841247e-324", "0"),
            (f64::MAX, "1.7976931348623157e+308", "inf"),
            (f64::NEG_INFINITY, "-inf", "-inf"),
            (f64::NAN, "nan", "nan"),
        ] {
            assert_eq!(spell_double(value), double);
            assert_eq!(spell_float(value), float);
        }
    }
}
