//! Takes a call with one request that is not compressed; sends its frame, and gives the one response, in whatever form it comes.

use super::{
    Requests, read,
    received::join,
    retry::{self, Attempts, Failure},
    run::Start,
};
use crate::{
    BoxError, BoxFuture, Channel,
    cutoff::Cutoff,
    grpc::{Examined, Frame, OneFrame, Only, examine, for_http, is_compressed, only, request_head, status_of_failure},
    server::{Arrived, Reply, Requested},
};
use bytes::Bytes;
use http::uri::PathAndQuery;
use std::{mem, pin::pin};
use tonic::{CancellationHandle, Response, Status, body::Body};

/// Whether the call is one that [`run`] can send: tonic decompresses, and watches the handle that cancels a request.
pub(super) fn carries(call: &Start) -> bool {
    matches!(call.requests, Requests::One(_))
        && call.compressing.is_none()
        && call.channel.settings().accept_compressed.is_empty()
        && call.extensions.get::<CancellationHandle>().is_none()
}

pub(super) async fn run(call: &mut Start) -> Result<Response<Bytes>, Status> {
    let (path, mut cutoff) = call.begin()?;
    let outcome = attempted(call, path, &mut cutoff).await;
    if outcome.is_ok() {
        call.succeeded();
    }
    outcome.map_err(|status| cutoff.explain(status))
}

/// Sends the call, and again as long as that is allowed.
async fn attempted(call: &mut Start, path: PathAndQuery, cutoff: &mut Cutoff) -> Result<Response<Bytes>, Status> {
    #[cfg(feature = "retry")]
    if let Some((configured, policy)) = call.hedging() {
        let once = |previous| {
            let mut call = call.copy(previous);
            let path = path.clone();
            Box::pin(async move { receive(send(&mut call, path)?, &call.channel).await }) as _
        };
        return Box::pin(cutoff.limit(pin!(super::hedge::race(&configured, &policy, once)))).await?;
    }
    let mut attempts = Attempts::default();
    loop {
        let outcome = {
            let sent = send(call, path.clone())?;
            let mut response = pin!(receive(sent, &call.channel));
            cutoff.limit(response.as_mut()).await?
        };
        let failure = match outcome {
            Ok(response) => return Ok(response),
            Err(failure) => failure,
        };
        match attempts.next(&failure, call) {
            Some(pause) => retry::pause(cutoff, pause, &failure).await?,
            None => return Err(failure.status),
        }
    }
}

/// A request on its way.
enum Sent {
    InProcess(BoxFuture<'static, Reply>),
    ByHttp(BoxFuture<'static, Result<http::Response<Body>, BoxError>>),
}

fn send(call: &mut Start, path: PathAndQuery) -> Result<Sent, Status> {
    let uri = call.channel.settings().uri(path)?;
    let (metadata, extensions) = call.head();
    let head = request_head(uri, metadata, extensions);
    let repeats = call.repeats();
    let Requests::One(frame) = &mut call.requests else {
        return Err(Status::internal("a stream of requests is not one message"));
    };
    let transport = call.channel.transport_ref();
    if let Some(server) = transport.server() {
        // Without a policy there will be no other attempt.
        let frame = if repeats { frame.clone() } else { mem::take(frame) };
        return Ok(Sent::InProcess(server.clone().answer(head.map(|()| Requested::One(frame)))));
    }
    let frame = frame.clone();
    Ok(Sent::ByHttp(transport.carry(for_http(head).map(|()| Body::new(OneFrame::request(frame))))))
}

/// The only message that comes back, and its leading and trailing metadata.
async fn receive(sent: Sent, channel: &Channel) -> Result<Response<Bytes>, Failure> {
    let response = match sent {
        Sent::InProcess(reply) => match reply.await.arrive(channel.settings().max_decoding_message_size) {
            Arrived::One(response) => return Ok(response.map(Frame::into_message)),
            Arrived::Http(response) => response,
        },
        Sent::ByHttp(response) => response.await.map_err(status_of_failure)?,
    };
    let response = examine(response, channel.acceptable()).await?;
    receive_by_http(response, channel).await.map_err(|status| Failure { status, committed: true })
}

async fn receive_by_http(response: http::Response<Examined>, channel: &Channel) -> Result<Response<Bytes>, Status> {
    let settings = channel.settings();
    let (mut head, body) = response.into_parts();
    let body = if is_compressed(&head.headers) {
        Body::new(body)
    } else {
        match only(body, settings.max_decoding_message_size).await {
            // An examined body ends with a status of OK, or with an error.
            Ok(Only { frame, trailers: Some(trailers) }) => {
                let metadata = join(head.headers, trailers, &mut head.extensions);
                return Ok(Response::from_parts(metadata, frame.into_message(), head.extensions));
            }
            Ok(only) => only.into_body(),
            Err(body) => body,
        }
    };
    Box::pin(read::one(http::Response::from_parts(head, body), settings)).await
}
