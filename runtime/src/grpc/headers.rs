//! Makes the headers of a request or a response from its metadata.
//!
//! `Request-Headers → Call-Definition *Custom-Metadata`, where `Call-Definition → Method Scheme Path TE [Authority] [Timeout]
//! Content-Type [Message-Encoding] [Message-Accept-Encoding] ..`, and `Response-Headers → HTTP-Status [Message-Encoding]
//! [Message-Accept-Encoding] Content-Type *Custom-Metadata`. The timeout is in the metadata already.

use http::header::{CONTENT_TYPE, TE};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri, Version};
use tonic::Extensions;
use tonic::metadata::MetadataMap;

pub(crate) const GRPC_ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
pub(super) const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");

/// Whether gRPC itself sets the header, so that metadata must not. A relay passes on the metadata that it received: it would announce the
/// compression of other messages for its own.
fn is_of_grpc(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "content-type"
            | "grpc-accept-encoding"
            | "grpc-encoding"
            | "grpc-message"
            | "grpc-message-type"
            | "grpc-status"
            | "te"
    )
}

/// Whether the header describes a connection or the length of a body, and so does not hold on the next hop. "An endpoint MUST NOT generate
/// an HTTP/2 message containing connection-specific header fields" (RFC 9113, 8.2.2), nor a `host` that differs from the authority (8.3.1).
fn is_of_http(name: &HeaderName) -> bool {
    matches!(
        name.as_str(),
        "connection" | "content-length" | "host" | "keep-alive" | "proxy-connection" | "transfer-encoding" | "upgrade"
    )
}

/// A request with `body`, without the headers that only HTTP needs.
pub(crate) fn request<B>(uri: Uri, metadata: MetadataMap, extensions: Extensions, body: B) -> Request<B> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.version_mut() = Version::HTTP_2;
    *request.uri_mut() = uri;
    *request.headers_mut() = custom(metadata);
    *request.extensions_mut() = extensions;
    request
}

/// Adds the headers that HTTP needs.
pub(crate) fn complete_for_http(headers: &mut HeaderMap) {
    // Two, and the user agent that tonic's transport adds.
    headers.reserve(3);
    headers.insert(TE, HeaderValue::from_static("trailers"));
    headers.insert(CONTENT_TYPE, GRPC);
}

pub(crate) fn response_head(metadata: MetadataMap, extensions: Extensions) -> Response<()> {
    let mut response = Response::new(());
    *response.version_mut() = Version::HTTP_2;
    *response.headers_mut() = custom(metadata);
    *response.extensions_mut() = extensions;
    // One, and the status that a client in the same process adds.
    response.headers_mut().reserve(2);
    response.headers_mut().insert(CONTENT_TYPE, GRPC);
    response
}

/// Whether the messages after these headers may be compressed.
pub(crate) fn is_compressed(headers: &HeaderMap) -> bool {
    encoding(headers).is_some()
}

/// The `Message-Encoding`, unless it is `identity`.
pub(super) fn encoding(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get(GRPC_ENCODING).filter(|encoding| *encoding != "identity")
}

/// The `Custom-Metadata`, without headers that gRPC or HTTP set.
pub(crate) fn custom(metadata: MetadataMap) -> HeaderMap {
    let mut headers = metadata.into_headers();
    remove(&mut headers, |name| is_of_grpc(name) || is_of_http(name));
    headers
}

/// Removes the headers that the metadata of a status must not set in its response.
pub(super) fn remove_foreign(headers: &mut HeaderMap) {
    remove(headers, |name| is_of_http(name) || name == GRPC_ENCODING);
}

fn remove(headers: &mut HeaderMap, is_wrong: impl Fn(&HeaderName) -> bool) {
    let wrong: Vec<_> = headers.keys().filter(|name| is_wrong(name)).cloned().collect();
    for name in wrong {
        headers.remove(name);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::grpc::trailers;
    use tonic::Status;

    #[test]
    fn metadata_sets_no_header_of_grpc_or_of_a_connection() {
        let (mut metadata, mut kept) = (MetadataMap::new(), vec![]);
        for (name, is_kept) in [
            ("authorization", true),
            ("grpc-timeout", true),
            ("grpc-previous-rpc-attempts", true),
            ("user-agent", true),
            ("x-host", true),
            ("connection", false),
            ("content-length", false),
            ("content-type", false),
            ("grpc-accept-encoding", false),
            ("grpc-encoding", false),
            ("grpc-message", false),
            ("grpc-message-type", false),
            ("grpc-status", false),
            ("host", false),
            ("keep-alive", false),
            ("proxy-connection", false),
            ("te", false),
            ("transfer-encoding", false),
            ("upgrade", false),
        ] {
            metadata.insert(name, "1".parse().unwrap());
            kept.extend(is_kept.then_some(name));
        }
        let names = |headers: &HeaderMap| headers.keys().map(|name| name.as_str().to_owned()).collect::<Vec<_>>();
        assert_eq!(names(&custom(metadata.clone())), kept);
        let status = trailers(&Status::with_metadata(tonic::Code::NotFound, "", metadata));
        let own = ["grpc-accept-encoding", "grpc-status"];
        let rest: Vec<_> = names(&status).into_iter().filter(|name| !own.contains(&name.as_str())).collect();
        assert_eq!(
            (rest, status.get("grpc-status").unwrap().as_bytes()),
            (kept.iter().map(|&name| name.to_owned()).collect(), &b"5"[..])
        );
    }
}
