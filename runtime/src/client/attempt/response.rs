//! Takes a response that has arrived and was looked at; gives the messages in it, or has tonic read those that may be compressed.

use crate::{client::channel::Settings, grpc::Examined, streaming::Incoming};
use bytes::Bytes;
use http::uri::PathAndQuery;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};
use tonic::{Request, Response, Status, body::Body, metadata::MetadataMap};
use tower_service::Service;

/// The messages of `response`.
pub(crate) async fn stream(
    response: http::Response<Examined>,
    settings: &Settings,
) -> Result<Response<Incoming>, Status> {
    if !response.body().may_be_compressed() {
        return Ok(uncompressed(response.map(Body::new)));
    }
    let mut grpc = settings.grpc(Arrived(Some(response.map(Body::new))))?;
    let request = Request::new(tokio_stream::empty());
    let response = grpc.streaming(request, PathAndQuery::from_static("/"), settings.codec()).await?;
    Ok(decoded(response))
}

/// The messages of a response none of which may be compressed.
pub(crate) fn uncompressed(response: http::Response<Body>) -> Response<Incoming> {
    let (head, body) = response.into_parts();
    Response::from_parts(MetadataMap::from_headers(head.headers), Incoming::by_http(body), head.extensions)
}

/// The messages that tonic decompresses.
pub(crate) fn decoded(response: Response<tonic::Streaming<Bytes>>) -> Response<Incoming> {
    let (metadata, responses, mut extensions) = response.into_parts();
    let responses = Incoming::by_tonic(responses, extensions.remove());
    Response::from_parts(metadata, responses, extensions)
}

/// Answers the one request that tonic makes of it with the response that is here.
struct Arrived(Option<http::Response<Body>>);

impl Service<http::Request<Body>> for Arrived {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: http::Request<Body>) -> Self::Future {
        ready(Ok(self.0.take().unwrap_or_default()))
    }
}
