//! Takes a response that has arrived; has tonic read the messages in it, or the status it ends with.

use super::receive;
use crate::{channel::Settings, codec::Encoded, streaming::Incoming};
use bytes::Bytes;
use http::uri::PathAndQuery;
use http_body::Body as HttpBody;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};
use tonic::{Request, Response, Status, body::Body};
use tower_service::Service;

/// The one message of `response`.
pub(super) async fn one<B>(response: http::Response<B>, settings: &Settings) -> Result<Response<Encoded>, Status>
where
    B: HttpBody<Data = Bytes, Error = Status> + Send + 'static,
{
    receive::only(stream(response, settings).await?).await
}

/// The messages of `response`.
pub(super) async fn stream<B>(response: http::Response<B>, settings: &Settings) -> Result<Response<Incoming>, Status>
where
    B: HttpBody<Data = Bytes, Error = Status> + Send + 'static,
{
    let mut grpc = settings.grpc(Arrived(Some(response.map(Body::new))))?;
    let request = Request::new(tokio_stream::empty());
    let response = grpc.streaming(request, PathAndQuery::from_static("/"), settings.codec()).await?;
    Ok(decoded(response))
}

/// The messages that tonic decodes.
pub(super) fn decoded(response: Response<tonic::Streaming<Bytes>>) -> Response<Incoming> {
    let (metadata, responses, mut extensions) = response.into_parts();
    let responses = Incoming::new(responses, extensions.remove());
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
