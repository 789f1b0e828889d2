//! Writes and reads the header `grpc-timeout`.
//!
//! The form is `TimeoutValue TimeoutUnit` of <https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md>: at most eight digits and
//! one of `H M S m u n`.

use std::time::Duration;

use http::{HeaderMap, HeaderName, HeaderValue};

pub(crate) const NAME: HeaderName = HeaderName::from_static("grpc-timeout");

const UNITS: [(char, u128); 6] =
    [('n', 1), ('u', 1_000), ('m', 1_000_000), ('S', 1_000_000_000), ('M', 60_000_000_000), ('H', 3_600_000_000_000)];
const MAX_VALUE: u128 = 99_999_999;

/// The timeout in `headers`; `None` if it is malformed, as in tonic.
pub(crate) fn timeout(headers: &HeaderMap) -> Option<Duration> {
    let text = headers.get(NAME)?.to_str().ok()?;
    let (digits, unit) = text.split_at_checked(text.len().checked_sub(1)?)?;
    if !(1..=8).contains(&digits.len()) || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return None;
    }
    let value: u64 = digits.parse().ok()?;
    Some(match unit {
        "H" => Duration::from_secs(value * 60 * 60),
        "M" => Duration::from_secs(value * 60),
        "S" => Duration::from_secs(value),
        "m" => Duration::from_millis(value),
        "u" => Duration::from_micros(value),
        "n" => Duration::from_nanos(value),
        _ => return None,
    })
}

/// The header for `timeout`: in the finest unit that fits eight digits, rounded up, so that the server never gives up before the client.
pub(crate) fn value(timeout: Duration) -> HeaderValue {
    let (value, unit) = UNITS
        .into_iter()
        .map(|(unit, nanos)| (timeout.as_nanos().div_ceil(nanos), unit))
        .find(|(value, _)| *value <= MAX_VALUE)
        .unwrap_or((MAX_VALUE, 'H'));
    HeaderValue::try_from(format!("{value}{unit}")).unwrap_or(HeaderValue::from_static("99999999H"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Option<Duration> {
        timeout(&HeaderMap::from_iter([(NAME, HeaderValue::from_bytes(text.as_bytes()).ok()?)]))
    }

    #[test]
    fn a_timeout_takes_the_finest_unit_of_eight_digits() {
        let cases = [
            (Duration::ZERO, "0n"),
            (Duration::from_millis(50), "50000000n"),
            (Duration::from_millis(100), "100000u"),
            (Duration::from_secs(5), "5000000u"),
            (Duration::from_secs(3600), "3600000m"),
            (Duration::from_nanos(99_999_998_001), "99999999u"),
            (Duration::from_secs(100_000), "100000S"),
            (Duration::MAX, "99999999H"),
        ];
        for (duration, text) in cases {
            assert_eq!(value(duration).as_bytes(), text.as_bytes());
        }
    }

    #[test]
    fn every_unit_is_read() {
        let cases = [
            ("1H", Duration::from_secs(3600)),
            ("2M", Duration::from_secs(120)),
            ("3S", Duration::from_secs(3)),
            ("4m", Duration::from_millis(4)),
            ("5u", Duration::from_micros(5)),
            ("99999999n", Duration::from_nanos(99_999_999)),
        ];
        for (text, duration) in cases {
            assert_eq!(parse(text), Some(duration), "{text}");
        }
    }

    #[test]
    fn a_malformed_timeout_counts_as_none() {
        for text in ["", "5", "S", "-1S", "+1S", "1.5S", "123456789S", "1s", "1 S", "é", "1é", "\u{1}S"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
