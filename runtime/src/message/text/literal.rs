//! Parses and prints the numbers and strings of the text format.

use std::fmt::Write;

/// An integer: decimal, hexadecimal after `0x`, or octal after `0`.
pub(super) fn integer(text: &str) -> Option<u64> {
    let (digits, radix) = match text.as_bytes() {
        [b'0', b'x' | b'X', ..] => (&text[2..], 16),
        [b'0', _, ..] => (&text[1..], 8),
        _ => (text, 10),
    };
    // The standard library would accept a sign.
    if !digits.starts_with(|first: char| first.is_digit(radix)) {
        return None;
    }
    u64::from_str_radix(digits, radix).ok()
}

/// The digits of a float or a decimal integer, without a trailing `f`.
pub(super) fn decimal(text: &str) -> Option<&str> {
    let digits = text.strip_suffix(['f', 'F']).unwrap_or(text);
    // Even with a fraction, a number with a leading zero is not a decimal number.
    let is_octal = matches!(digits.as_bytes(), [b'0', b'0'..=b'9', ..]);
    let is_decimal = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-'));
    (is_decimal && !is_octal).then_some(digits)
}

/// The infinity or NaN that a word stands for, in any case.
pub(super) fn special(word: &str) -> Option<f64> {
    match word.to_ascii_lowercase().as_str() {
        "inf" | "infinity" => Some(f64::INFINITY),
        "nan" => Some(f64::NAN),
        _ => None,
    }
}

/// Appends the bytes of a string, which is given with its quotes; or returns the problem.
pub(super) fn unquote(text: &str, out: &mut Vec<u8>) -> Result<(), String> {
    let mut rest = &text[1..text.len() - 1];
    while let Some(at) = rest.find('\\') {
        out.extend_from_slice(&rest.as_bytes()[..at]);
        rest = escape(&rest[at + 1..], out).ok_or_else(|| {
            let end = rest[at..].char_indices().nth(2).map_or(rest.len(), |(end, _)| at + end);
            format!("`{}` is not an escape sequence", &rest[at..end])
        })?;
    }
    out.extend_from_slice(rest.as_bytes());
    Ok(())
}

/// Appends the bytes of an escape sequence, and returns the text after it.
fn escape<'a>(text: &'a str, out: &mut Vec<u8>) -> Option<&'a str> {
    let first = text.chars().next()?;
    let rest = &text[first.len_utf8()..];
    let byte = match first {
        'a' => 0x07,
        'b' => 0x08,
        'f' => 0x0c,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 0x0b,
        '?' | '\\' | '\'' | '"' => first as u8,
        '0'..='7' => {
            let (digits, rest) = digits(text, 8, 3);
            // protoc takes the lower eight bits of a number that does not fit a byte.
            out.push(u16::from_str_radix(digits, 8).ok()?.to_le_bytes()[0]);
            return Some(rest);
        }
        'x' | 'X' => {
            let (digits, rest) = digits(rest, 16, 2);
            out.push(u8::from_str_radix(digits, 16).ok()?);
            return Some(rest);
        }
        'u' | 'U' => {
            let length = if first == 'u' { 4 } else { 8 };
            let (digits, rest) = exactly(rest, length)?;
            // Surrogates are not characters, not even as a pair.
            let code = u32::from_str_radix(digits, 16).ok()?;
            out.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut [0; 4]).as_bytes());
            return Some(rest);
        }
        _ => return None,
    };
    out.push(byte);
    Some(rest)
}

fn digits(text: &str, radix: u32, most: usize) -> (&str, &str) {
    text.split_at(text.chars().take(most).take_while(|c| c.is_digit(radix)).count())
}

fn exactly(text: &str, length: usize) -> Option<(&str, &str)> {
    let (digits, rest) = digits(text, 16, length);
    (digits.len() == length).then_some((digits, rest))
}

/// Appends a string in quotes. Escapes control characters, quotes, backslashes, and bytes that are not UTF-8.
pub(super) fn quote(bytes: &[u8], out: &mut String) {
    out.push('"');
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            match c {
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                '"' | '\'' | '\\' => out.extend(['\\', c]),
                c if c.is_ascii_control() => octal(c as u8, out),
                c => out.push(c),
            }
        }
        chunk.invalid().iter().for_each(|&byte| octal(byte, out));
    }
    out.push('"');
}

fn octal(byte: u8, out: &mut String) {
    // Writing to a string cannot fail.
    _ = write!(out, "\\{byte:03o}");
}

/// The shortest text that parses to the number.
pub(super) fn float<F: Copy + Into<f64> + std::fmt::Display + std::fmt::LowerExp>(number: F) -> String {
    let wide: f64 = number.into();
    match wide.abs() {
        _ if wide.is_nan() => "nan".to_owned(),
        size if size.is_infinite() => if wide > 0.0 { "inf" } else { "-inf" }.to_owned(),
        size if size == 0.0 || (1e-5..1e16).contains(&size) => number.to_string(),
        _ => format!("{number:e}"),
    }
}
