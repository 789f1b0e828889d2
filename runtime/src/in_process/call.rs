//! Makes a call to a server in the same process.

use std::mem;

use http::uri::PathAndQuery;
use tonic::body::Body;
use tonic::{Response, Status};

use crate::BoxFuture;
use crate::client::attempt::{response, unary};
use crate::client::call::PreparedCall;
use crate::deadline::termination::Termination;
use crate::grpc::codec::Encoded;
use crate::grpc::examine;
use crate::intercept::Observed;
use crate::server::ServerResponse;
use crate::streaming::{Cancel, Incoming, RequestsGuard};

/// Whether the call can do without HTTP: it is sent once, and needs nothing that only HTTP has.
pub(crate) fn can_skip_http(call: &PreparedCall) -> bool {
    !call.is_configured() && call.is_sent_once() && call.is_plain()
}

/// Runs a call with one response.
pub(crate) async fn one(call: &mut PreparedCall) -> Result<Response<Encoded>, Status> {
    let (path, mut termination) = call.begin()?;
    let link = call.requests.link();
    let (mut response, _cancel, mut observed) = hand_over(call, path)?;
    let limit = call.channel.settings().messages.max_received;
    let outcome = match termination.limit(response.as_mut()).await.map(|response| response.one(limit)) {
        Ok(Ok(response)) => {
            observed.received(response.get_ref().len());
            Ok(response.map(Encoded::from))
        }
        // Boxed, because it is rare and would make every future larger.
        Ok(Err(response)) => {
            let response = response.map(|body| observed.receiving(body));
            Box::pin(receive_one_by_http(call, response, &mut termination)).await
        }
        Err(status) => Err(status),
    };
    let outcome = outcome.map_err(|status| termination.map_status(status));
    observed.end(outcome.as_ref().err());
    if let Some(link) = link {
        link.end(&outcome);
    }
    outcome
}

async fn receive_one_by_http(
    call: &PreparedCall,
    response: http::Response<Body>,
    termination: &mut Termination,
) -> Result<Response<Encoded>, Status> {
    let mut response = Box::pin(unary::receive_by_http(response, &call.channel));
    termination.limit(response.as_mut()).await?.map_err(|failure| failure.status)
}

/// Runs a call with a stream of responses.
pub(crate) async fn stream(call: &mut PreparedCall) -> Result<Response<Incoming>, Status> {
    let (path, mut termination) = call.begin()?;
    let link = call.requests.link();
    let (mut response, cancel, mut observed) = hand_over(call, path)?;
    let outcome = match termination.limit(response.as_mut()).await {
        Ok(response) => match response.many() {
            Ok(response) => {
                let limit = call.channel.settings().messages.max_received;
                Ok(response.map(|messages| Incoming::local_responses(messages, limit)))
            }
            Err(response) => {
                let response = response.map(|body| observed.receiving(body));
                Box::pin(receive_by_http(call, response, &mut termination)).await
            }
        },
        Err(status) => Err(status),
    };
    match outcome {
        Ok(response) => {
            let requests = cancel.map(|cancel| RequestsGuard::new(cancel, link));
            let watches = observed.into_watches();
            Ok(response.map(|responses| responses.until(termination).to(requests).watched_by(watches)))
        }
        Err(status) => {
            let outcome = Err(termination.map_status(status));
            observed.end(outcome.as_ref().err());
            if let Some(link) = link {
                link.end(&outcome);
            }
            outcome
        }
    }
}

async fn receive_by_http(
    call: &PreparedCall,
    response: http::Response<Body>,
    termination: &mut Termination,
) -> Result<Response<Incoming>, Status> {
    let mut response = Box::pin(examine(response, call.channel.acceptable()));
    let response = termination.limit(response.as_mut()).await??;
    Ok(response::stream(response.map(Body::new)))
}

/// Hands the call to the server; returns its response, the handle that cancels the stream of requests, and the observers of the attempt.
fn hand_over(call: &mut PreparedCall, path: PathAndQuery) -> Result<HandedOver, Status> {
    let (request_body, cancel) = mem::take(&mut call.requests).hand_over();
    unary::hand_over(call, path, request_body).map(|(response, observed)| (response, cancel, observed))
}

type HandedOver = (BoxFuture<'static, ServerResponse>, Option<Cancel>, Observed);
