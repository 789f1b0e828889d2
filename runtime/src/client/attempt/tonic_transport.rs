//! The transport below tonic's client, which examines each response before tonic reads it.

use std::mem;
use std::task::{Context, Poll};

use tonic::Status;
use tonic::body::Body;
use tonic::codec::CompressionEncoding;
use tower_service::Service;

use crate::grpc::{Compressed, Examined, Flags, GRPC_ENCODING, encoding_value, examine, status_of_failure};
use crate::intercept::Observed;
use crate::{BoxFuture, Channel};

/// The transport below tonic's client.
pub(crate) struct TonicTransport {
    pub(crate) channel: Channel,
    /// The encoding of requests, and which of them are compressed.
    pub(crate) compressed: Option<(CompressionEncoding, Flags)>,
    /// The observers of messages.
    pub(crate) observed: Observed,
}

impl TonicTransport {
    fn compress(&mut self, mut request: http::Request<Body>) -> http::Request<Body> {
        let Some((encoding, chosen)) = self.compressed.take() else { return request };
        request.headers_mut().insert(GRPC_ENCODING, encoding_value(encoding));
        request.map(|body| Body::new(Compressed { body, encoding, chosen }))
    }
}

impl Service<http::Request<Body>> for TonicTransport {
    type Response = http::Response<Examined>;
    type Error = Status;
    type Future = BoxFuture<'static, Result<http::Response<Examined>, Status>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Status>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let mut observed = mem::take(&mut self.observed);
        let request = self.compress(request).map(|body| observed.sending(body));
        let channel = self.channel.clone();
        let response = channel.transport_ref().send(request);
        Box::pin(async move {
            let response = response.await.map_err(status_of_failure)?;
            examine(response.map(|body| observed.receiving(body)), channel.acceptable()).await
        })
    }
}
