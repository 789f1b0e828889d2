//! Takes metadata; gives the head of a request or response that has one uncompressed message.
//!
//! `Request-Headers → Call-Definition *Custom-Metadata`, where `Call-Definition → Method Scheme Path TE [Authority] [Timeout]
//! Content-Type [Message-Encoding] [Message-Accept-Encoding] ..`, and `Response-Headers → HTTP-Status [Message-Encoding]
//! [Message-Accept-Encoding] Content-Type *Custom-Metadata`. The timeout is in the metadata already.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, Uri, Version,
    header::{CONTENT_TYPE, TE},
};
use tonic::{Extensions, metadata::MetadataMap};

const GRPC_ENCODING: HeaderName = HeaderName::from_static("grpc-encoding");
const GRPC: HeaderValue = HeaderValue::from_static("application/grpc");

/// What metadata never sets, as in tonic.
const RESERVED: [HeaderName; 5] = [
    TE,
    CONTENT_TYPE,
    HeaderName::from_static("grpc-message"),
    HeaderName::from_static("grpc-message-type"),
    HeaderName::from_static("grpc-status"),
];

/// Room for what every head has, and the user agent of tonic's transport.
const HEADERS: usize = 3;

pub(crate) fn request_head(uri: Uri, metadata: MetadataMap, extensions: Extensions) -> Request<()> {
    let mut request = Request::new(());
    *request.method_mut() = Method::POST;
    *request.version_mut() = Version::HTTP_2;
    *request.uri_mut() = uri;
    *request.headers_mut() = headers(metadata);
    *request.extensions_mut() = extensions;
    request.headers_mut().insert(TE, HeaderValue::from_static("trailers"));
    request.headers_mut().insert(CONTENT_TYPE, GRPC);
    request
}

pub(crate) fn response_head(metadata: MetadataMap, extensions: Extensions) -> Response<()> {
    let mut response = Response::new(());
    *response.version_mut() = Version::HTTP_2;
    *response.headers_mut() = headers(metadata);
    *response.extensions_mut() = extensions;
    response.headers_mut().insert(CONTENT_TYPE, GRPC);
    response
}

/// Whether messages behind these headers may be compressed.
pub(crate) fn is_compressed(headers: &HeaderMap) -> bool {
    headers.get(GRPC_ENCODING).is_some_and(|encoding| encoding != "identity")
}

fn headers(metadata: MetadataMap) -> HeaderMap {
    if metadata.is_empty() {
        return HeaderMap::with_capacity(HEADERS);
    }
    let mut headers = metadata.into_headers();
    for name in &RESERVED {
        headers.remove(name);
    }
    headers
}
