//! Writes a status as the trailers of a response.
//!
//! `Trailers → Status [Status-Message] *Custom-Metadata`, and `Trailers-Only → HTTP-Status Content-Type Trailers`.

use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Response, Version};
use tonic::Status;
use tonic::body::Body;

use super::headers::{GRPC, remove_foreign};
use super::status::{percent_decode, read_status};

/// The `Trailers` for `status`.
pub(crate) fn trailers(status: &Status) -> HeaderMap {
    let mut trailers = HeaderMap::with_capacity(1);
    if status.add_header(&mut trailers).is_err() {
        trailers.insert(Status::GRPC_STATUS, HeaderValue::from(i32::from(status.code())));
    }
    if trailers.len() > 1 {
        remove_foreign(&mut trailers);
        if let Some(message) = trailers.get_mut(Status::GRPC_MESSAGE).filter(|message| message.len() > MAX_MESSAGE) {
            *message = shortened(message.as_bytes());
        }
    }
    trailers
}

/// The most bytes of an encoded text. By default, gRPC's clients refuse trailers of more than 8 KiB, and lose the code with them.
const MAX_MESSAGE: usize = 6 * 1024;

/// The beginning of an encoded text, cut between characters.
fn shortened(encoded: &[u8]) -> HeaderValue {
    const MORE: &[u8] = b"...";
    let mut end = MAX_MESSAGE - MORE.len();
    while encoded[end - 2..end].contains(&b'%') || String::from_utf8(percent_decode(&encoded[..end])).is_err() {
        end -= 1;
    }
    HeaderValue::from_bytes(&[&encoded[..end], MORE].concat()).unwrap_or(HeaderValue::from_static(""))
}

/// The response that ends a call with `status`: `Trailers-Only → HTTP-Status Content-Type Trailers`.
pub(crate) fn trailers_only(status: &Status) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    *response.version_mut() = Version::HTTP_2;
    *response.headers_mut() = trailers(status);
    response.headers_mut().insert(CONTENT_TYPE, GRPC);
    response
}

/// The status that the other side would receive over HTTP for `error`.
pub(crate) fn received(error: &Status) -> Status {
    read_status(&trailers(error)).and_then(Result::err).unwrap_or_else(|| Status::new(error.code(), error.message()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic::Code;

    #[test]
    fn a_message_that_is_too_long_is_cut_between_characters_and_keeps_the_code() {
        for (text, kept) in [
            ("x".repeat(6 * 1024), 6 * 1024),
            ("x".repeat(6 * 1024 + 1), 6 * 1024 - 3),
            ("é".repeat(100_000), 6141 / 6 * 2),
            (format!("x{}", "é".repeat(100_000)), 6140 / 6 * 2 + 1),
            (format!("xyz{}", "\u{1f980}".repeat(10_000)), 6138 / 12 * 4 + 3),
            ("%".repeat(10_000), 2047),
        ] {
            let error = Status::not_found(text.clone());
            let read = read_status(&trailers(&error)).unwrap().unwrap_err();
            let expected = if kept == text.len() { text } else { format!("{}...", &text[..kept]) };
            assert_eq!((read.code(), read.message()), (Code::NotFound, &*expected));
        }
    }
}
