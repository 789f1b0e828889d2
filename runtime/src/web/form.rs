//! Reads from the headers whether a gRPC-Web request is in base64, and whether its response must be.
//!
//! The content types are `application/grpc-web` and, for base64, `application/grpc-web-text`, with or without `+proto`, `+json` or `+thrift`.
//! The header `Accept` selects the form of the response; without it, the response has the form of the request.

use http::header::{ACCEPT, CONTENT_TYPE};
use http::{HeaderMap, HeaderValue};

/// The encoding of a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    Binary,
    /// In base64.
    Text,
}

/// The forms of a gRPC-Web call.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Kind {
    pub(super) request: Form,
    pub(super) response: Form,
    /// The equivalent content type of gRPC: `application/grpc+proto`.
    pub(super) grpc: HeaderValue,
}

impl Kind {
    /// The kind of a request with these headers; `None` if it is not gRPC-Web.
    pub(super) fn of(headers: &HeaderMap) -> Option<Self> {
        let (request, rest) = read(headers.get(CONTENT_TYPE)?.as_bytes())?;
        let accepted = headers.get_all(ACCEPT).iter().flat_map(|value| value.as_bytes().split(|byte| *byte == b','));
        let response = accepted.map(<[u8]>::trim_ascii).find_map(read).map_or(request, |(form, _)| form);
        let grpc = HeaderValue::from_bytes(&[b"application/grpc", rest].concat()).ok()?;
        Some(Self { request, response, grpc })
    }
}

/// The form of a media type, and the rest of it, such as `+proto`.
fn read(media_type: &[u8]) -> Option<(Form, &[u8])> {
    const WEB: &[u8] = b"application/grpc-web";
    const TEXT: &[u8] = b"-text";
    let (name, rest) = media_type.split_at_checked(WEB.len())?;
    let (form, rest) = match rest.split_at_checked(TEXT.len()) {
        Some((text, rest)) if text.eq_ignore_ascii_case(TEXT) => (Form::Text, rest),
        _ => (Form::Binary, rest),
    };
    (name.eq_ignore_ascii_case(WEB) && matches!(rest, [] | [b'+' | b';' | b' ' | b'\t', ..])).then_some((form, rest))
}

impl Form {
    pub(super) fn content_type(self) -> HeaderValue {
        HeaderValue::from_static(match self {
            Self::Binary => "application/grpc-web+proto",
            Self::Text => "application/grpc-web-text+proto",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_has_the_form_of_its_content_type_and_its_response_the_form_that_is_accepted() {
        use Form::{Binary, Text};
        let cases = [
            ("application/grpc-web", None, Some((Binary, Binary, "application/grpc"))),
            ("application/grpc-web+proto", None, Some((Binary, Binary, "application/grpc+proto"))),
            (
                "Application/gRPC-Web+proto; charset=utf-8",
                None,
                Some((Binary, Binary, "application/grpc+proto; charset=utf-8")),
            ),
            ("application/grpc-web-text", None, Some((Text, Text, "application/grpc"))),
            ("application/grpc-web-text+proto", Some("*/*"), Some((Text, Text, "application/grpc+proto"))),
            ("application/grpc-web-text", Some("application/grpc-web"), Some((Text, Binary, "application/grpc"))),
            (
                "application/grpc-web",
                Some("text/plain, application/grpc-web-text"),
                Some((Binary, Text, "application/grpc")),
            ),
            ("application/grpc", Some("application/grpc-web"), None),
            ("application/grpc+proto", None, None),
            ("application/grpc-website", None, None),
            ("application/grpc-web-texts", None, None),
            ("text/plain", Some("application/grpc-web"), None),
            ("", None, None),
        ];
        for (content_type, accept, expected) in cases {
            let accept = accept.map(|accept| (ACCEPT, HeaderValue::from_static(accept)));
            let headers = [(CONTENT_TYPE, HeaderValue::from_static(content_type))].into_iter().chain(accept).collect();
            let expected = expected.map(|(request, response, grpc)| Kind {
                request,
                response,
                grpc: HeaderValue::from_static(grpc),
            });
            assert_eq!(Kind::of(&headers), expected, "{content_type}");
        }
    }
}
