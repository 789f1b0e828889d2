//! Numbers as generated code spells them.

/// A number with its digits in groups: `2_147_483_647`.
pub(crate) fn grouped(number: i32) -> String {
    let digits = number.unsigned_abs().to_string();
    if digits.len() <= 4 {
        return number.to_string();
    }
    let mut grouped = if number < 0 { "-".to_owned() } else { String::new() };
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    grouped
}
