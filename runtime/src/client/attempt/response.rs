//! Reads an examined response as a stream of messages.

use bytes::Bytes;
use tonic::Response;
use tonic::body::Body;
use tonic::metadata::MetadataMap;

use crate::streaming::Incoming;

/// The stream of messages of `response`.
pub(crate) fn stream(response: http::Response<Body>) -> Response<Incoming> {
    let (mut head, body) = response.into_parts();
    let flags = head.extensions.remove();
    Response::from_parts(MetadataMap::from_headers(head.headers), Incoming::by_http(body, flags), head.extensions)
}

/// The stream of messages that tonic decodes.
pub(crate) fn decoded(response: Response<tonic::Streaming<Bytes>>) -> Response<Incoming> {
    let (metadata, responses, mut extensions) = response.into_parts();
    let responses = Incoming::by_tonic(responses, extensions.remove());
    Response::from_parts(metadata, responses, extensions)
}
