//! Numbers as generated code spells them.

/// A number with its digits in groups: `2_147_483_647`.
pub(crate) fn grouped(number: i32) -> String {
    grouped_digits(&number.to_string())
}

/// The same of a number that is a text already; one of four digits is read at a glance.
pub(crate) fn grouped_digits(number: &str) -> String {
    let (sign, digits) = number.strip_prefix('-').map_or(("", number), |digits| ("-", digits));
    if digits.len() < 5 {
        return number.to_owned();
    }
    let mut grouped = sign.to_owned();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
