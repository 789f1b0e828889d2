//! The fast path of unary calls: sends one uncompressed request as a frame, and reads one response.

use std::pin::pin;

use http::uri::PathAndQuery;
use tonic::body::Body;
use tonic::{Response, Status};

use super::{Requests, response};
use crate::client::call::{PreparedCall, join, single_response};
#[cfg(feature = "retry")]
use crate::client::retry::hedge;
use crate::client::retry::{self, Failure, PastAttempts};
use crate::deadline::termination::Termination;
use crate::grpc::codec::Encoded;
use crate::grpc::{
    self, Examined, OneFrame, SingleMessage, complete_for_http, examine, single_message, status_of_failure,
};
use crate::intercept::Observed;
use crate::server::{RequestBody, ServerResponse};
use crate::{BoxError, BoxFuture, Channel};

/// Whether the call can take the fast path.
pub(crate) fn can_skip_tonic(call: &PreparedCall) -> bool {
    matches!(call.requests, Requests::One(_)) && call.is_plain()
}

/// Runs the call, and returns its one response.
pub(crate) async fn one(call: &mut PreparedCall) -> Result<Response<Encoded>, Status> {
    #[cfg(feature = "balance")]
    call.await_config().await?;
    let (path, mut termination) = call.begin()?;
    let outcome = attempted(call, path, &mut termination).await;
    if outcome.is_ok() {
        call.succeeded();
    }
    outcome.map_err(|status| termination.map_status(status))
}

/// Sends attempts until one succeeds or no further one is allowed.
async fn attempted(
    call: &mut PreparedCall,
    path: PathAndQuery,
    termination: &mut Termination,
) -> Result<Response<Encoded>, Status> {
    #[cfg(feature = "retry")]
    if let Some((configured, policy)) = call.hedging() {
        let once = |previous, cause| {
            let (mut call, superseded) = call.parallel(previous, cause)?;
            let path = path.clone();
            Some(hedge::until(superseded, async move {
                let (sent, observed) = send(&mut call, path)?;
                receive(sent, &call.channel, observed).await
            }))
        };
        return Box::pin(termination.limit(pin!(hedge::race(&configured, &policy, once)))).await?;
    }
    let mut attempts = PastAttempts::default();
    loop {
        let outcome = {
            let (sent, observed) = send(call, path.clone())?;
            let mut response = pin!(receive(sent, &call.channel, observed));
            termination.limit(response.as_mut()).await?
        };
        let failure = match outcome {
            Ok(response) => return Ok(response),
            Err(failure) => failure,
        };
        match attempts.next(&failure, call) {
            Some(pause) => retry::pause(termination, pause, &failure).await?,
            None => return Err(failure.status),
        }
    }
}

/// A request that was sent.
enum SentCall {
    InProcess(BoxFuture<'static, ServerResponse>),
    ByHttp(BoxFuture<'static, Result<http::Response<Body>, BoxError>>),
}

fn send(call: &mut PreparedCall, path: PathAndQuery) -> Result<(SentCall, Observed), Status> {
    let frame = match &call.requests {
        Requests::One(frame) => frame.clone(),
        Requests::Stream(_) => return Err(Status::internal("a stream of requests is not one message")),
    };
    if call.is_in_process() {
        return hand_over(call, path, RequestBody::One(frame))
            .map(|(response, observed)| (SentCall::InProcess(response), observed));
    }
    let uri = call.channel.settings().uri(path)?;
    let (metadata, extensions, observed) = call.head();
    observed.sent(frame.len());
    let mut request = grpc::request(uri, metadata, extensions, Body::new(OneFrame::request(frame)));
    complete_for_http(request.headers_mut());
    Ok((SentCall::ByHttp(call.channel.transport_ref().send(request)), observed))
}

/// Hands messages to a server in this process; returns its response, and the observers of the attempt.
pub(crate) fn hand_over(
    call: &mut PreparedCall,
    path: PathAndQuery,
    request_body: RequestBody,
) -> Result<(BoxFuture<'static, ServerResponse>, Observed), Status> {
    let Some(server) = call.channel.transport_ref().server().cloned() else {
        return Err(Status::internal("the server is not in this process"));
    };
    let uri = call.channel.settings().uri(path)?;
    let (metadata, extensions, mut observed) = call.head();
    let request_body = request_body.watched_by(observed.take_sent());
    Ok((server.answer(grpc::request(uri, metadata, extensions, request_body)), observed))
}

/// Receives the one response, with merged headers and trailers.
async fn receive(sent: SentCall, channel: &Channel, mut observed: Observed) -> Result<Response<Encoded>, Failure> {
    let outcome = receive_observed(sent, channel, &mut observed).await;
    observed.end(outcome.as_ref().err().map(|failure| &failure.status));
    outcome
}

async fn receive_observed(
    sent: SentCall,
    channel: &Channel,
    observed: &mut Observed,
) -> Result<Response<Encoded>, Failure> {
    let response = match sent {
        SentCall::InProcess(response) => match response.await.one(channel.settings().messages.max_received) {
            Ok(response) => {
                observed.received(response.get_ref().len());
                return Ok(response.map(Encoded::from));
            }
            Err(response) => *response,
        },
        SentCall::ByHttp(response) => response.await.map_err(status_of_failure)?,
    };
    receive_by_http(response.map(|body| observed.receiving(body)), channel).await
}

pub(crate) async fn receive_by_http(
    response: http::Response<Body>,
    channel: &Channel,
) -> Result<Response<Encoded>, Failure> {
    let response = examine(response, channel.acceptable()).await?;
    read(response, channel).await.map_err(|status| Failure { status, committed: true })
}

async fn read(response: http::Response<Examined>, channel: &Channel) -> Result<Response<Encoded>, Status> {
    let settings = channel.settings();
    if response.body().may_be_compressed() {
        return Box::pin(single_response(response::stream(response.map(Body::new)))).await;
    }
    let (mut head, body) = response.into_parts();
    let body = match single_message(body, settings.messages.max_received).await {
        // An examined body ends with a status of OK, or with an error.
        Ok(SingleMessage { frame, trailers: Some(trailers) }) => {
            let metadata = join(head.headers, trailers, &mut head.extensions);
            return Ok(Response::from_parts(metadata, frame.into(), head.extensions));
        }
        Ok(only) => only.into_body(),
        Err(body) => body,
    };
    Box::pin(single_response(response::stream(http::Response::from_parts(head, body)))).await
}
