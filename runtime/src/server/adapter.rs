//! Takes a handler of bytes; lets tonic call it, with the requests that tonic read.

use super::replies::Replies;
use crate::{BoxFuture, codec::Encoded, cutoff::Cutoff, grpc::Frame, streaming::Incoming};
use bytes::Bytes;
use tonic::{
    Request, Response, Status,
    server::{ClientStreamingService, StreamingService},
};

/// A handler of bytes. `T` is what its response carries.
pub(super) type Handler<'h, 'f, T> =
    &'h mut (dyn FnMut(Request<Incoming>) -> BoxFuture<'f, Result<Response<T>, Status>> + Send);

pub(super) struct Adapter<'h, 'f, T>(pub(super) Handler<'h, 'f, T>);

impl<'f, T> Adapter<'_, 'f, T> {
    fn handle(&mut self, requests: Request<tonic::Streaming<Bytes>>) -> BoxFuture<'f, Result<Response<T>, Status>> {
        let (metadata, extensions, messages) = requests.into_parts();
        // The deadline of the call is held around all of it.
        (self.0)(Request::from_parts(metadata, extensions, Incoming::new(messages, Cutoff::default())))
    }
}

impl<'f> ClientStreamingService<Bytes> for Adapter<'_, 'f, Frame> {
    type Response = Encoded;
    type Future = BoxFuture<'f, Result<Response<Encoded>, Status>>;

    fn call(&mut self, requests: Request<tonic::Streaming<Bytes>>) -> Self::Future {
        let response = self.handle(requests);
        Box::pin(async { Ok(response.await?.map(Encoded::from)) })
    }
}

impl<'f> StreamingService<Bytes> for Adapter<'_, 'f, Replies> {
    type Response = Encoded;
    type ResponseStream = Replies;
    type Future = BoxFuture<'f, Result<Response<Replies>, Status>>;

    fn call(&mut self, requests: Request<tonic::Streaming<Bytes>>) -> Self::Future {
        self.handle(requests)
    }
}

/// The request with the only message of `requests`.
pub(super) async fn only_request(requests: Request<Incoming>) -> Result<Request<Bytes>, Status> {
    let (metadata, extensions, mut requests) = requests.into_parts();
    let message = requests.only_message("request").await?;
    Ok(Request::from_parts(metadata, extensions, message))
}
