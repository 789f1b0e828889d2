//! The default of a float or a double in, the same number as protoc spells it out.
//!
//! The text reaches the generated code, and where protoc writes `1.5e+10`, buf writes `1.5000000512e+10` and another
//! compiler `15000000000`.

use crate::descriptor::google::protobuf::field_descriptor_proto::Type;

pub(super) fn spell(ty: Type, default: &str) -> String {
    let spelled = match ty {
        Type::Double => default.parse().ok().map(spell_double),
        Type::Float => default.parse().ok().map(spell_float),
        _ => None,
    };
    spelled.unwrap_or_else(|| default.to_owned())
}

/// C's `%.15g`, or `%.17g` where that loses digits.
fn spell_double(value: f64) -> String {
    let short = general(value, 15);
    if short.parse() == Ok(value) { short } else { general(value, 17) }
}

/// C's `%.6g`, or `%.9g` where that loses digits.
fn spell_float(value: f32) -> String {
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
        for (text, double, float) in [
            ("0", "0", "0"),
            ("-0", "-0", "-0"),
            ("1", "1", "1"),
            ("-0.25", "-0.25", "-0.25"),
            ("0.1", "0.1", "0.1"),
            ("0.30000000000000004", "0.30000000000000004", "0.3"),
            ("0.33333333333333331", "0.33333333333333331", "0.333333343"),
            ("0.0001", "0.0001", "0.0001"),
            ("0.00001", "1e-05", "1e-05"),
            ("100000", "100000", "100000"),
            ("1000000", "1000000", "1e+06"),
            ("1234567", "1234567", "1234567"),
            ("16777217", "16777217", "16777216"),
            ("15000000000", "15000000000", "1.5e+10"),
            ("1.5000000512e+10", "15000000512", "1.5e+10"),
            ("1e15", "1e+15", "1e+15"),
            ("5e-324", "4.94065645841247e-324", "0"),
            ("inf", "inf", "inf"),
            ("-inf", "-inf", "-inf"),
            ("nan", "nan", "nan"),
        ] {
            assert_eq!(spell(Type::Double, text), double);
            assert_eq!(spell(Type::Float, text), float);
        }
        assert_eq!(spell(Type::String, "1.0"), "1.0");
    }
}
