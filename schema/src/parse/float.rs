//! Numbers as text, with the digits that protoc gives them: few if they suffice, else so many that they always do.

use std::fmt::Write as _;

/// The text of a double's default.
#[must_use]
pub fn double(value: f64) -> String {
    if !value.is_finite() {
        return not_finite(value);
    }
    let short = general(value, 15);
    if short.parse() == Ok(value) { short } else { general(value, 17) }
}

/// The text of a float's default, which is written as a double.
#[must_use]
pub fn float(value: f64) -> String {
    let value = to_float(value);
    if !value.is_finite() {
        return not_finite(value.into());
    }
    let short = general(value.into(), 6);
    // C's `strtof`, which protoc asks, complains of a subnormal number.
    let suffices = value == 0.0 || value.is_normal() && short.parse() == Ok(value);
    if suffices { short } else { general(value.into(), 9) }
}

/// The nearest float; what rounds to the largest one's nine digits is the largest one.
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

/// C's `%.*g`.
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
