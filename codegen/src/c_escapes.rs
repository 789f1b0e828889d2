//! The text of a default of `bytes` in, the bytes out.

/// The escapes of C that descriptors spell bytes in; each compiler chooses its own.
pub(crate) fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'\\' {
            bytes.push(*first);
            continue;
        }
        let [kind, tail @ ..] = rest else { break };
        let (digits, radix, most) = match kind {
            b'0'..=b'7' => (rest, 8, 3),
            b'x' | b'X' => (tail, 16, 2),
            _ => {
                bytes.push(plain(*kind));
                rest = tail;
                continue;
            }
        };
        let count = digits.iter().take(most).take_while(|digit| char::from(**digit).is_digit(radix)).count();
        let number =
            std::str::from_utf8(&digits[..count]).ok().and_then(|digits| u32::from_str_radix(digits, radix).ok());
        bytes.push(number.and_then(|number| u8::try_from(number).ok()).unwrap_or_default());
        rest = &digits[count..];
    }
    bytes
}

fn plain(escape: u8) -> u8 {
    match escape {
        b'a' => 7,
        b'b' => 8,
        b'f' => 12,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 11,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_equal_however_they_are_escaped() {
        for (escaped, expected) in [
            ("abc", &b"abc"[..]),
            (r"\001\377", &[1, 255]),
            (r"\x01\xfF\n\\\'", &[1, 255, 10, b'\\', b'\'']),
            (r"\1z\0", &[1, b'z', 0]),
            ("\\", &[]),
            (r"\x", &[0]),
            (r"\777", &[0]),
        ] {
            assert_eq!(unescaped(escaped), expected, "{escaped}");
        }
    }
}
