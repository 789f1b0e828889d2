//! Takes a call; sends it once, and gives the stream of responses that comes back.

mod exchange;
mod kept;
mod requests;
pub(crate) mod response;
pub(crate) mod unary;

use super::call::PreparedCall;
use crate::{
    deadline::termination::Cutoff,
    grpc::{self, Flags, complete_for_http, custom, examine, status_of_failure},
    intercept::Observed,
    streaming::{Cancel, Incoming, Unanswered},
};
use exchange::Exchange;
use http::uri::PathAndQuery;
use std::pin::pin;
use tonic::{Request, Response, Status, body::Body, metadata::MetadataMap};

pub(crate) use kept::Kept;
pub(crate) use requests::{Many, Requests};

/// The responses, the stream of requests that is reset with them, and what is to be told of them.
pub(crate) type Attempted = (Response<Incoming>, Option<Unanswered>, Observed);

/// Sends the call once.
pub(crate) async fn attempt(
    start: &mut PreparedCall,
    path: PathAndQuery,
    cutoff: &mut Cutoff,
) -> Result<Attempted, Status> {
    if !start.is_plain() {
        return Box::pin(attempt_by_tonic(start, path, cutoff)).await;
    }
    let uri = start.channel.settings().uri(path)?;
    let (metadata, extensions, mut observed) = start.head_of_body();
    let mut messages = observed.take_messages();
    let link = start.requests.link();
    let only = start.is_sent_once();
    let (body, cancel) = start.requests.body(only);
    let requests = cancel.map(|cancel| Unanswered::new(cancel, link));
    let mut request = grpc::request(uri, metadata, extensions, messages.sending(body));
    complete_for_http(request.headers_mut());
    let channel = &start.channel;
    let mut exchange = pin!(async {
        let response = channel.transport_ref().carry(request).await.map_err(status_of_failure)?;
        examine(response.map(|body| messages.receiving(body)), channel.acceptable()).await
    });
    match cutoff.limit(exchange.as_mut()).await? {
        Ok(response) => Ok((response::stream(response.map(Body::new)), requests, observed)),
        Err(status) => {
            observed.end(Some(&status));
            Err(status)
        }
    }
}

/// Has tonic send the call, which asks for compression or is cancelled by a handle of tonic's.
async fn attempt_by_tonic(
    start: &mut PreparedCall,
    path: PathAndQuery,
    cutoff: &mut Cutoff,
) -> Result<Attempted, Status> {
    let (metadata, extensions, mut observed) = start.head_of_body();
    let settings = start.channel.settings();
    let chosen = start.compressing.clone().map(|compressing| (compressing, Flags::default()));
    let compressed = chosen.as_ref().map(|(compressing, chosen)| (compressing.encoding, chosen.clone()));
    let exchange = Exchange { channel: start.channel.clone(), compressed, observed: observed.take_messages() };
    let mut grpc = settings.grpc(exchange)?;
    let codec = match &start.requests {
        Requests::One(frame) => settings.codec().sending(frame.len()),
        Requests::Stream(_) => settings.codec(),
    };
    let link = start.requests.link();
    let only = start.is_sent_once();
    let requests = start.requests.attempt(chosen, only);
    let metadata = MetadataMap::from_headers(custom(metadata));
    let mut request = Request::from_parts(metadata, extensions, requests);
    let requests = matches!(start.requests, Requests::Stream(_)).then(|| {
        let handle = request.cancellation_handle();
        request.get_mut().cancel_by(handle.clone());
        Unanswered::new(Cancel::ByTonic(handle), link)
    });
    let mut exchange = pin!(grpc.streaming(request, path, codec));
    match cutoff.limit(exchange.as_mut()).await? {
        Ok(response) => Ok((response::decoded(response), requests, observed)),
        Err(status) => {
            observed.end(Some(&status));
            Err(status)
        }
    }
}
