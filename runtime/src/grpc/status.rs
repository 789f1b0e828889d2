//! Reads the status in trailers, even if its text or its details do not decode.
//!
//! `Trailers → Status [Status-Message] *Custom-Metadata`, where `Status → "grpc-status" 1*DIGIT` and `Status-Message → "grpc-message"
//! Percent-Encoded`. `When decoding invalid values, implementations MUST NOT error or throw away the message.`

use std::borrow::Cow;

use http::{HeaderMap, HeaderValue};
use tonic::metadata::MetadataMap;
use tonic::{Code, Status};

/// The status in `trailers`, if they have one. The metadata of an error is the rest of the trailers.
pub(crate) fn read_status(trailers: &HeaderMap) -> Option<Result<(), Status>> {
    match code(trailers.get(Status::GRPC_STATUS)?) {
        Code::Ok => Some(Ok(())),
        code => Some(Err(status(code, trailers))),
    }
}

/// Makes the `trailers` of a success safe for tonic, which panics at details that do not decode, fails at a text that does not, and does not
/// take `00` for OK.
pub(crate) fn make_ok(trailers: &mut HeaderMap) {
    if trailers.get(Status::GRPC_STATUS).is_none_or(|status| status != "0") {
        trailers.insert(Status::GRPC_STATUS, HeaderValue::from_static("0"));
    }
    if trailers.len() > 1 {
        trailers.remove(Status::GRPC_MESSAGE);
        trailers.remove(Status::GRPC_STATUS_DETAILS);
    }
}

/// Removes the status from `headers`.
pub(crate) fn remove_status(headers: &mut HeaderMap) {
    for name in [Status::GRPC_STATUS, Status::GRPC_MESSAGE, Status::GRPC_STATUS_DETAILS] {
        headers.remove(name);
    }
}

/// The code, written with any number of digits; `UNKNOWN` for one that gRPC does not define.
fn code(status: &HeaderValue) -> Code {
    let digits = status.as_bytes();
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Code::Unknown;
    }
    let number =
        digits.iter().fold(0_i32, |number, digit| number.saturating_mul(10).saturating_add((digit - b'0').into()));
    Code::from_i32(number)
}

fn status(code: Code, trailers: &HeaderMap) -> Status {
    let message = trailers.get(Status::GRPC_MESSAGE).map_or(Cow::Borrowed(""), |message| text(message.as_bytes()));
    let mut metadata = trailers.clone();
    remove_status(&mut metadata);
    let metadata = MetadataMap::from_headers(metadata);
    Status::with_details_and_metadata(code, message, details(trailers), metadata)
}

/// The percent-decoded text, or `encoded` itself if it does not decode to UTF-8.
fn text(encoded: &[u8]) -> Cow<'_, str> {
    match String::from_utf8(percent_decode(encoded)) {
        Ok(text) => Cow::Owned(text),
        Err(_) => String::from_utf8_lossy(encoded),
    }
}

/// Decodes `%` and two hexadecimal digits; leaves any other `%` as it is.
pub(crate) fn percent_decode(encoded: &[u8]) -> Vec<u8> {
    let hex = |digit: u8| char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let mut decoded = Vec::with_capacity(encoded.len());
    let mut rest = encoded;
    while let [first, tail @ ..] = rest {
        let escaped = match rest {
            [b'%', high, low, ..] => hex(*high).zip(hex(*low)),
            _ => None,
        };
        (rest, ()) = match escaped {
            Some((high, low)) => (&rest[3..], decoded.push(high << 4 | low)),
            None => (tail, decoded.push(*first)),
        };
    }
    decoded
}

/// The binary details; empty if they do not decode.
fn details(trailers: &HeaderMap) -> bytes::Bytes {
    let Some(encoded) = trailers.get(Status::GRPC_STATUS_DETAILS) else { return bytes::Bytes::new() };
    let details = HeaderMap::from_iter([(Status::GRPC_STATUS_DETAILS, encoded.clone())]);
    let details = MetadataMap::from_headers(details);
    details
        .get_bin(Status::GRPC_STATUS_DETAILS.as_str())
        .and_then(|details| details.to_bytes().ok())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderName;

    fn read(trailers: &[(&'static str, &[u8])]) -> Option<(Code, String, Vec<u8>)> {
        let trailers = trailers
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_bytes(value).unwrap()))
            .collect();
        Some(match read_status(&trailers)? {
            Ok(()) => (Code::Ok, String::new(), vec![]),
            Err(status) => (status.code(), status.message().to_owned(), status.details().to_vec()),
        })
    }

    #[test]
    fn a_status_is_any_number_of_digits() {
        let cases: [(&[u8], Code); 12] = [
            (b"0", Code::Ok),
            (b"00", Code::Ok),
            (b"5", Code::NotFound),
            (b"05", Code::NotFound),
            (b"16", Code::Unauthenticated),
            (b"17", Code::Unknown),
            (b"99999999999999999999", Code::Unknown),
            (b"", Code::Unknown),
            (b"-1", Code::Unknown),
            (b"+5", Code::Unknown),
            (b"5 ", Code::Unknown),
            (b"OK", Code::Unknown),
        ];
        for (text, expected) in cases {
            assert_eq!(read(&[("grpc-status", text)]).unwrap().0, expected, "{}", text.escape_ascii());
        }
        assert_eq!(read(&[("grpc-message", b"m")]), None);
    }

    #[test]
    fn a_message_is_never_lost_to_its_encoding() {
        let cases: [(&[u8], &str); 9] = [
            (b"a%20b%25%C3%A9", "a b%é"),
            (b"a%c3%a9", "aé"),
            (b"100%", "100%"),
            (b"100%, 5%2", "100%, 5%2"),
            (b"%zz%41", "%zzA"),
            (b"%E4%BD", "%E4%BD"),
            (b"ok %FF", "ok %FF"),
            (b"\xc3\xa9", "é"),
            (b"\xff", "\u{fffd}"),
        ];
        for (encoded, expected) in cases {
            let read = read(&[("grpc-status", b"5"), ("grpc-message", encoded)]).unwrap();
            assert_eq!(read, (Code::NotFound, expected.to_owned(), vec![]));
        }
    }

    #[test]
    fn details_that_do_not_decode_are_none_and_keep_the_code() {
        let cases: [(&[u8], &[u8]); 7] =
            [(b"AQI=", &[1, 2]), (b"AQI", &[1, 2]), (b"", &[]), (b"!!", &[]), (b"A", &[]), (b"=", &[]), (b"\xff", &[])];
        for (encoded, expected) in cases {
            let read = read(&[("grpc-status", b"5"), ("grpc-status-details-bin", encoded)]).unwrap();
            assert_eq!(read, (Code::NotFound, String::new(), expected.to_vec()), "{}", encoded.escape_ascii());
        }
    }
}
