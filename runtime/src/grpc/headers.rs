//! Takes metadata; gives the head of a request or response that has one uncompressed message.
//!
//! `Request-Headers → Call-Definition *Custom-Metadata`, where `Call-Definition → Method Scheme Path TE [Authority] [Timeout]
//! Content-Type [Message-Encoding] [Message-Accept-Encoding] ..`, and `Response-Headers → HTTP-Status [Message-Encoding]
//! [Message-Accept-Encoding] Content-Type *Custom-Metadata`. The timeout is in the metadata already.

use super::GRPC_ENCODING;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri, Version,
    header::{CONTENT_TYPE, TE},
};
use tonic::{Extensions, metadata::MetadataMap};

const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");

/// Headers that metadata never sets, as in tonic.
const RESERVED: [HeaderName; 5] = [
    TE,
    CONTENT_TYPE,
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-message-type"),
    HeaderName::from_static("grpc-status"),
];

/// A request with `body`, without what only HTTP needs.
pub(crate) fn request<B>(uri: Uri, metadata: MetadataMap, extensions: Extensions, body: B) -> Request<B> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.version_mut() = Version::HTTP_2;
    *request.uri_mut() = uri;
    *request.headers_mut() = custom(metadata);
    *request.extensions_mut() = extensions;
    request
}

/// Adds what HTTP needs.
pub(crate) fn complete_for_http(headers: &mut HeaderMap) {
    // One more, for the user agent of tonic's transport.
    headers.reserve(3);
    headers.insert(TE, HeaderValue::from_static("trailers"));
    headers.insert(CONTENT_TYPE, GRPC);
}

pub(crate) fn response_head(metadata: MetadataMap, extensions: Extensions) -> Response<()> {
    let mut response = Response::new(());
    *response.version_mut() = Version::HTTP_2;
    *response.headers_mut() = custom(metadata);
    *response.extensions_mut() = extensions;
    // One more, for the status that a client in the same process adds.
    response.headers_mut().reserve(2);
    response.headers_mut().insert(CONTENT_TYPE, GRPC);
    response
}

/// Whether messages behind these headers may be compressed.
pub(crate) fn is_compressed(headers: &HeaderMap) -> bool {
    encoding(headers).is_some()
}

/// The `Message-Encoding`, if it is not the identity.
pub(super) fn encoding(headers: &HeaderMap) -> Option<&HeaderValue> {
    headers.get(GRPC_ENCODING).filter(|encoding| *encoding != "identity")
}

/// The `Custom-Metadata`, without what has another meaning in a header.
pub(crate) fn custom(metadata: MetadataMap) -> HeaderMap {
    let mut headers = metadata.into_headers();
    if !headers.is_empty() {
        for name in &RESERVED {
            headers.remove(name);
        }
    }
    headers
}
