//! Formats floating-point defaults as protoc does: with 6 or 15 digits if they read back as the same number, else with 9 or 17, which
//! always do.

use std::fmt::Write as _;

/// Formats the default of a `double` field.
#[must_use]
pub fn double(value: f64) -> String {
    if !value.is_finite() {
        return not_finite(value);
    }
    let short = general(value, 15);
    if short.parse() == Ok(value) { short } else { general(value, 17) }
}

/// Formats the default of a `float` field, which is parsed as a double.
#[must_use]
pub fn float(value: f64) -> String {
    let value = to_float(value);
    if !value.is_finite() {
        return not_finite(value.into());
    }
    let short = general(value.into(), 6);
    // protoc checks by C's `strtof`, which reports an error for subnormal numbers.
    let suffices = value == 0.0 || value.is_normal() && short.parse() == Ok(value);
    if suffices { short } else { general(value.into(), 9) }
}

/// Converts to the nearest float. A number that rounds to the nine digits of the largest float becomes that float, not infinity.
fn to_float(value: f64) -> f32 {
    const NINE_DIGITS: f64 = 3.402_823_567_797_336_6e38;
    if value.is_finite() && value.abs() > f32::MAX.into() {
        let most = if value.abs() <= NINE_DIGITS { f32::MAX } else { f32::INFINITY };
        return if value < 0.0 { -most } else { most };
    }
    #[allow(clippy::cast_possible_truncation, reason = "the nearest float is meant")]
    let nearest = value as f32;
    nearest
}

fn not_finite(value: f64) -> String {
    let text = if value.is_nan() {
        "nan"
    } else if value > 0.0 {
        "inf"
    } else {
        "-inf"
    };
    text.to_owned()
}

/// Formats a number as C's `%.*g` does.
fn general(value: f64, digits: usize) -> String {
    let scientific = format!("{value:.*e}", digits - 1);
    let Some((mantissa, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    let places = i32::try_from(digits).unwrap_or(i32::MAX) - 1 - exponent;
    if exponent >= -4 && places >= 0 {
        let places = usize::try_from(places).unwrap_or_default();
        return without_zeros(&format!("{value:.places$}")).to_owned();
    }
    let mut text = without_zeros(mantissa).to_owned();
    let sign = if exponent < 0 { '-' } else { '+' };
    _ = write!(text, "e{sign}{:02}", exponent.unsigned_abs());
    text
}

/// Removes the zeros at the end of a fraction.
fn without_zeros(number: &str) -> &str {
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.') } else { number }
}
