//! Takes a call with one request that is not compressed; sends its frame, and gives the one response, in whatever form it comes.

use super::{Requests, read, receive::merge, run::Start};
use crate::{
    channel::Settings,
    wire::{OneFrame, Only, is_compressed, only, request_head},
};
use bytes::Bytes;
use http::HeaderMap;
use std::pin::pin;
use tonic::{CancellationHandle, Response, Status, body::Body};

/// Whether the call is one that [`run`] can send: tonic compresses, and watches the handle that cancels a request.
pub(super) fn carries(call: &Start) -> bool {
    matches!(call.requests, Requests::One(_))
        && !call.channel.settings().compresses()
        && call.extensions.get::<CancellationHandle>().is_none()
}

pub(super) async fn run(mut call: Start) -> Result<Response<Bytes>, Status> {
    let (path, mut cutoff) = call.begin()?;
    let Start { channel, metadata, extensions, requests, .. } = call;
    let Requests::One(Some(frame)) = requests else { return Err(Status::internal("the request was sent already")) };
    let head = request_head(channel.settings().uri(path)?, metadata, extensions);
    let request = head.map(|()| Body::new(OneFrame::request(frame)));
    let mut exchange = pin!(async {
        let response = channel.carry(request).await.map_err(Status::from_error)?;
        receive(response, channel.settings()).await
    });
    cutoff.limit(exchange.as_mut()).await?.map_err(|status| cutoff.explain(status))
}

/// The only message of `response`, and its leading and trailing metadata.
async fn receive(response: http::Response<Body>, settings: &Settings) -> Result<Response<Bytes>, Status> {
    let (head, body) = response.into_parts();
    // `Trailers-Only` has its status among the headers.
    let body = if head.headers.contains_key(Status::GRPC_STATUS) || is_compressed(&head.headers) {
        body
    } else {
        match only(body, settings.max_decoding_message_size).await {
            Ok(Only { frame, trailers: Some(trailers) }) if is_ok(&trailers) => {
                let metadata = merge(head.headers, trailers);
                return Ok(Response::from_parts(metadata, frame.into_message(), head.extensions));
            }
            Ok(only) => only.into_body(),
            Err(body) => body,
        }
    };
    Box::pin(read::one(http::Response::from_parts(head, body), settings)).await
}

/// `Status → "grpc-status" 1*DIGIT`, where 0 is OK.
fn is_ok(trailers: &HeaderMap) -> bool {
    trailers.get(Status::GRPC_STATUS).is_some_and(|status| status == "0")
}
