//! Reads the content type of a body.
//!
//! `Content-Type → "content-type" "application/grpc" [("+proto" / "+json" / {custom})]`, with or without parameters.

use http::HeaderMap;
use http::header::CONTENT_TYPE;

/// The kind of a body, by its content type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContentType {
    Grpc,
    /// No header: a client reads the body as gRPC.
    Missing,
    /// The transport of a client may have translated such a body to gRPC without changing its content type.
    GrpcWeb,
    Other,
}

pub(crate) fn content_type(headers: &HeaderMap) -> ContentType {
    const GRPC: &[u8] = b"application/grpc";
    let Some(value) = headers.get(CONTENT_TYPE) else { return ContentType::Missing };
    match value.as_bytes().split_at_checked(GRPC.len()) {
        Some((essence, b"" | [b'+' | b';' | b' ' | b'\t', ..])) if essence.eq_ignore_ascii_case(GRPC) => {
            ContentType::Grpc
        }
        Some((essence, rest)) if essence.eq_ignore_ascii_case(GRPC) && is_web(rest) => ContentType::GrpcWeb,
        _ => ContentType::Other,
    }
}

fn is_web(rest: &[u8]) -> bool {
    let rest = rest.to_ascii_lowercase();
    let rest = rest.strip_prefix(b"-web").map(|rest| rest.strip_prefix(b"-text").unwrap_or(rest));
    rest.is_some_and(|rest| matches!(rest, [] | [b'+' | b';' | b' ' | b'\t', ..]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn a_content_type_is_grpc_by_its_name_whatever_follows_a_separator() {
        let cases = [
            ("application/grpc", ContentType::Grpc),
            ("application/grpc+proto", ContentType::Grpc),
            ("application/grpc+json", ContentType::Grpc),
            ("application/grpc;charset=utf-8", ContentType::Grpc),
            ("application/grpc ; charset=utf-8", ContentType::Grpc),
            ("application/grpc\t;charset=utf-8", ContentType::Grpc),
            ("Application/GRPC", ContentType::Grpc),
            ("application/grpc-web", ContentType::GrpcWeb),
            ("Application/gRPC-Web+proto", ContentType::GrpcWeb),
            ("application/grpc-web-text; charset=utf-8", ContentType::GrpcWeb),
            ("application/grpc-website", ContentType::Other),
            ("application/grpcx", ContentType::Other),
            ("application/json", ContentType::Other),
            ("text/html", ContentType::Other),
            ("", ContentType::Other),
        ];
        for (text, expected) in cases {
            let headers = HeaderMap::from_iter([(CONTENT_TYPE, HeaderValue::from_static(text))]);
            assert_eq!(content_type(&headers), expected, "{text}");
        }
        assert_eq!(content_type(&HeaderMap::new()), ContentType::Missing);
    }
}
