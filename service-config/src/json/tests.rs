//! Compares the parser with `serde_json`.

use serde_json::Value as Judged;

use super::*;

/// Converts a value to that of the judge.
fn judged(value: &Value<'_>) -> Judged {
    match &value.kind {
        Kind::Null => Judged::Null,
        Kind::Bool(value) => Judged::Bool(*value),
        Kind::Number => serde_json::from_str(value.text).unwrap(),
        Kind::String(text) => Judged::String(text.clone()),
        Kind::Array(values) => values.iter().map(judged).collect(),
        Kind::Object(fields) => fields.iter().map(|field| (field.name.clone(), judged(&field.value))).collect(),
    }
}

#[track_caller]
fn check(text: &str) {
    match (read(text), serde_json::from_str::<Judged>(text)) {
        (Ok(value), Ok(expected)) => assert_eq!(judged(&value), expected, "{text:?}"),
        // serde_json refuses numbers that overflow an f64.
        (Ok(_), Err(error)) if error.to_string().contains("number out of range") => {}
        (Ok(_), Err(error)) => panic!("{text:?} is read, although {error}"),
        (Err(error), Ok(_)) => panic!("{text:?} is refused: {}", error.message),
        (Err(_), Err(_)) => {}
    }
}

const DOCUMENT: &str = r#" {"a": [1, -0.5e+3, true, false, null, {}, []], "\u00e9\ud83d\ude00\n": "\\/\"é", "b": {"c": 0}}
"#;

#[test]
fn documents_are_read_as_serde_json_reads_them() {
    for text in [
        DOCUMENT,
        "",
        " ",
        "1",
        "01",
        "-",
        "-1",
        "1.",
        ".5",
        "1e",
        "1e5",
        "1E-5",
        "+1",
        "1e400",
        "0x1",
        "NaN",
        "tru",
        "trueish",
        "nul",
        "\"",
        "\"\\",
        "\"\\u12\"",
        "\"\\ud800\"",
        "\"\\ud800\\u0041\"",
        "\"\\ud800x\"",
        "\"\\udc00\"",
        "\"\\ud83d\\ude00\"",
        "\"\\x\"",
        "\"\t\"",
        "\"\u{7f}\"",
        "\"é\"",
        "[",
        "]",
        "[]",
        "[,]",
        "[1,]",
        "[1 2]",
        "[1,2]",
        "{",
        "{}",
        "{,}",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1,}",
        "{a:1}",
        "{'a':1}",
        "{\"a\":1}{}",
        "{\"a\":1} x",
        "// a\n1",
        "1\u{a0}",
        "[1\u{b}]",
    ] {
        check(text);
    }
}

#[test]
fn a_damaged_document_is_read_as_serde_json_reads_it() {
    let chars: Vec<char> = DOCUMENT.chars().collect();
    for at in 0..chars.len() {
        let with = |new: &[char]| -> String { [&chars[..at], new, &chars[at + 1..]].into_iter().flatten().collect() };
        check(&with(&[]));
        for new in ['"', '\\', '{', '}', '[', ']', ',', ':', '0', '-', 'e', 'u', ' ', '\n', '\0', 'é'] {
            check(&with(&[new]));
            check(&with(&[new, chars[at]]));
        }
    }
}

#[test]
fn nesting_is_limited() {
    let nested = |depth| "[".repeat(depth) + &"]".repeat(depth);
    assert!(read(&nested(MAX_DEPTH)).is_ok());
    assert!(read(&nested(MAX_DEPTH + 1)).is_err());
    assert!(read(&"[".repeat(1_000_000)).is_err());
}

#[test]
fn a_byte_order_mark_is_ignored() {
    assert_eq!(read("\u{feff}{}").unwrap().offset, 3);
}

#[test]
fn an_error_says_what_was_expected_and_where() {
    for (text, offset, message) in [
        ("{\"a\" 1}", 5, "expected `:`, found `1`"),
        ("[1, 2", 5, "expected `,` or `]`, found the end"),
        ("{\"a\": 1,}", 8, "expected a field name in double quotes, found `}`"),
        ("{\"a\": é}", 6, "expected a value, found `é`"),
    ] {
        let error = read(text).unwrap_err();
        assert_eq!((error.offset, &*error.message), (offset, message), "{text}");
    }
}
