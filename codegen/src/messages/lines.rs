//! Lines of prost's in, changed lines out.

use std::borrow::Cow;
use std::collections::BTreeMap;

/// Takes `Debug` out of a `derive`.
pub(super) fn without_debug(attribute: &str) -> Cow<'_, str> {
    if attribute.starts_with("#[derive(") { attribute.replace("Debug, ", "").into() } else { attribute.into() }
}

/// Groups the digits of the number of a value: `Max = 2_147_483_647,`.
pub(super) fn grouped(value: &str) -> Cow<'_, str> {
    let (before, digits) = value.split_at(value.trim_end_matches(|c: char| c == ',' || c.is_ascii_digit()).len());
    let digits = digits.trim_end_matches(',');
    if digits.len() <= 4 {
        return value.into();
    }
    let mut grouped = before.to_owned();
    for (index, digit) in digits.char_indices() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            grouped.push('_');
        }
        grouped.push(digit);
    }
    (grouped + ",").into()
}

/// Gives the string of a match arm its declared name back.
pub(super) fn restored<'a>(arm: &'a str, declared: &BTreeMap<&str, &str>) -> Cow<'a, str> {
    let mut parts = arm.splitn(3, '"');
    match (parts.next(), parts.next().and_then(|name| declared.get(name)), parts.next()) {
        (Some(before), Some(name), Some(after)) => format!("{before}\"{name}\"{after}").into(),
        _ => arm.into(),
    }
}
