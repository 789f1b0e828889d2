//! Takes a call with one request that is not compressed; sends its frame, and gives the one response, in whatever form it comes.

use super::{Requests, read, receive::merge, run::Start};
use crate::{
    BoxError, BoxFuture,
    channel::Settings,
    grpc::{Frame, OneFrame, Only, for_http, is_compressed, only, request_head},
    server::{Arrived, Reply, Requested},
};
use bytes::Bytes;
use http::{HeaderMap, uri::PathAndQuery};
use std::{mem, pin::pin};
use tonic::{CancellationHandle, Response, Status, body::Body};

/// Whether the call is one that [`run`] can send: tonic compresses, and watches the handle that cancels a request.
pub(super) fn carries(call: &Start) -> bool {
    matches!(call.requests, Requests::One(_))
        && !call.channel.settings().compresses()
        && call.extensions.get::<CancellationHandle>().is_none()
}

pub(super) async fn run(call: &mut Start) -> Result<Response<Bytes>, Status> {
    let (path, mut cutoff) = call.begin()?;
    let sent = send(call, path)?;
    let mut response = pin!(receive(sent, call.channel.settings()));
    cutoff.limit(response.as_mut()).await?.map_err(|status| cutoff.explain(status))
}

/// A request on its way.
enum Sent {
    InProcess(BoxFuture<'static, Reply>),
    ByHttp(BoxFuture<'static, Result<http::Response<Body>, BoxError>>),
}

fn send(call: &mut Start, path: PathAndQuery) -> Result<Sent, Status> {
    let Requests::One(Some(frame)) = mem::replace(&mut call.requests, Requests::One(None)) else {
        return Err(Status::internal("the request was sent already"));
    };
    let uri = call.channel.settings().uri(path)?;
    let head = request_head(uri, mem::take(&mut call.metadata), mem::take(&mut call.extensions));
    let transport = call.channel.transport_ref();
    Ok(match transport.server() {
        Some(server) => Sent::InProcess(server.clone().answer(head.map(|()| Requested::One(frame)))),
        None => Sent::ByHttp(transport.carry(for_http(head).map(|()| Body::new(OneFrame::request(frame))))),
    })
}

/// The only message that comes back, and its leading and trailing metadata.
async fn receive(sent: Sent, settings: &Settings) -> Result<Response<Bytes>, Status> {
    let response = match sent {
        Sent::InProcess(reply) => match reply.await.arrive(settings.max_decoding_message_size) {
            Arrived::One(response) => return Ok(response.map(Frame::into_message)),
            Arrived::Http(response) => response,
        },
        Sent::ByHttp(response) => response.await.map_err(Status::from_error)?,
    };
    receive_by_http(response, settings).await
}

async fn receive_by_http(response: http::Response<Body>, settings: &Settings) -> Result<Response<Bytes>, Status> {
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
