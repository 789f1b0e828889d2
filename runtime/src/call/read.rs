//! Takes a response that has arrived; has tonic read the one message in it, or the status it ends with.

use super::receive;
use crate::{channel::Settings, cutoff::Cutoff, streaming::Incoming};
use bytes::Bytes;
use http::uri::PathAndQuery;
use std::{
    convert::Infallible,
    future::{Ready, ready},
    task::{Context, Poll},
};
use tonic::{Request, Response, Status, body::Body};
use tower_service::Service;

pub(super) async fn one(response: http::Response<Body>, settings: &Settings) -> Result<Response<Bytes>, Status> {
    let mut grpc = settings.grpc(Arrived(Some(response)))?;
    let request = Request::new(tokio_stream::empty());
    let response = grpc.streaming(request, PathAndQuery::from_static("/"), settings.codec()).await?;
    let (metadata, responses, mut extensions) = response.into_parts();
    let responses = Incoming::new(responses, extensions.remove(), Cutoff::default());
    receive::only(Response::from_parts(metadata, responses, extensions)).await
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
