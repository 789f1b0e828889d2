//! Splits values of binary metadata that an intermediary has joined.
//!
//! `Duplicate header names may have their values joined with "," as the delimiter .. Implementations must split Binary-Headers on ","
//! before decoding the Base64-encoded values.`

use http::{HeaderMap, HeaderName, HeaderValue};

/// Splits the joined values of keys that end in `-bin` into entries of their own, in order.
pub(crate) fn split_binary(headers: &mut HeaderMap) {
    if headers.is_empty() {
        return;
    }
    let joined: Vec<_> = headers.keys().filter(|name| is_joined(headers, name)).cloned().collect();
    for name in joined {
        let values: Vec<_> = headers.get_all(&name).iter().flat_map(split).collect();
        headers.remove(&name);
        for value in values {
            headers.append(&name, value);
        }
    }
}

fn is_joined(headers: &HeaderMap, name: &HeaderName) -> bool {
    name.as_str().ends_with("-bin") && headers.get_all(name).iter().any(|value| value.as_bytes().contains(&b','))
}

fn split(value: &HeaderValue) -> impl Iterator<Item = HeaderValue> {
    value.as_bytes().split(|&byte| byte == b',').filter_map(|part| HeaderValue::from_bytes(part.trim_ascii()).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn joined_values_are_several_and_keep_their_order() {
        let cases: [(&str, &[&str], &[&str]); 6] = [
            ("a-bin", &["AQ,Ag=="], &["AQ", "Ag=="]),
            ("a-bin", &["AQ, Ag==", "Aw"], &["AQ", "Ag==", "Aw"]),
            ("a-bin", &["AQ", "Ag=="], &["AQ", "Ag=="]),
            ("a-bin", &["AQ,"], &["AQ", ""]),
            ("a-bin", &[","], &["", ""]),
            ("a", &["1,2"], &["1,2"]),
        ];
        for (name, values, expected) in cases {
            let name = HeaderName::from_static(name);
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(&name, HeaderValue::from_static(value));
            }
            split_binary(&mut headers);
            assert_eq!(headers.get_all(&name).iter().collect::<Vec<_>>(), expected, "{values:?}");
        }
    }
}
