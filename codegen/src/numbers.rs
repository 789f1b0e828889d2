//! Spells numbers as clippy wants them in generated code.

/// Groups the digits of a number: `2_147_483_647`.
pub(crate) fn grouped(number: i32) -> String {
    grouped_digits(&number.to_string())
}

/// Groups the digits of a number literal, which may have a fraction and an exponent: `3.141_592_65`. Numbers of up to four digits stay
/// as they are.
pub(crate) fn grouped_digits(number: &str) -> String {
    let (sign, number) = number.strip_prefix('-').map_or(("", number), |number| ("-", number));
    let (mantissa, exponent) = number.split_at(number.find('e').unwrap_or(number.len()));
    let (whole, fraction) = mantissa.split_at(mantissa.find('.').unwrap_or(mantissa.len()));
    let is_long = whole.len().max(fraction.len().saturating_sub(".".len())) >= 5;
    if !is_long {
        return format!("{sign}{number}");
    }
    let mut grouped = sign.to_owned();
    for (index, digit) in whole.char_indices() {
        if index > 0 && (whole.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    for (index, digit) in fraction.char_indices() {
        // The point itself is at index 0.
        if index > 1 && index % 3 == 1 {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped + exponent
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_are_grouped_from_the_point() {
        for (number, expected) in [
            ("1234", "1234"),
            ("-12345", "-12_345"),
            ("2147483647", "2_147_483_647"),
            ("-0.25", "-0.25"),
            ("0.1234", "0.1234"),
            ("3.14159265", "3.141_592_65"),
            ("1234.5", "1234.5"),
            // clippy asks for groups on both sides, or on none.
            ("1234.56789", "1_234.567_89"),
            ("12345.6789", "12_345.678_9"),
            ("1e-320", "1e-320"),
            ("-1.2345678e-10", "-1.234_567_8e-10"),
        ] {
            assert_eq!(grouped_digits(number), expected);
        }
    }
}
