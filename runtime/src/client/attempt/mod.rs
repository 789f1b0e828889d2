//! Sends a call once.

mod request_stream;
mod requests;
pub(crate) mod response;
mod saved_metadata;
mod tonic_requests;
mod tonic_transport;
pub(crate) mod unary;

use std::pin::pin;

use http::uri::PathAndQuery;
use tonic::body::Body;
use tonic::metadata::MetadataMap;
use tonic::{Request, Response, Status};

use super::call::PreparedCall;
use crate::deadline::termination::Termination;
use crate::grpc::{self, Flags, complete_for_http, custom, examine, status_of_failure};
use crate::intercept::Observed;
use crate::streaming::{Cancel, Incoming, RequestsGuard};
use tonic_transport::TonicTransport;

pub(crate) use request_stream::RequestStream;
pub(crate) use requests::Requests;
pub(crate) use saved_metadata::SavedMetadata;

/// The responses, the handle that cancels the stream of requests, and the observers of the attempt.
pub(crate) type AttemptResponse = (Response<Incoming>, Option<RequestsGuard>, Observed);

/// Sends the call once, and returns its responses.
pub(crate) async fn attempt(
    call: &mut PreparedCall,
    path: PathAndQuery,
    termination: &mut Termination,
) -> Result<AttemptResponse, Status> {
    if !call.is_plain() {
        return Box::pin(attempt_by_tonic(call, path, termination)).await;
    }
    let uri = call.channel.settings().uri(path)?;
    let (metadata, extensions, mut observed) = call.head_of_body();
    let mut messages = observed.take_messages();
    let link = call.requests.link();
    let only = call.is_sent_once();
    let (body, cancel) = call.requests.body(only);
    let requests = cancel.map(|cancel| RequestsGuard::new(cancel, link));
    let mut request = grpc::request(uri, metadata, extensions, messages.sending(body));
    complete_for_http(request.headers_mut());
    let channel = &call.channel;
    let mut exchange = pin!(async {
        let response = channel.transport_ref().send(request).await.map_err(status_of_failure)?;
        examine(response.map(|body| messages.receiving(body)), channel.acceptable()).await
    });
    match termination.limit(exchange.as_mut()).await? {
        Ok(response) => Ok((response::stream(response.map(Body::new)), requests, observed)),
        Err(status) => {
            observed.end(Some(&status));
            Err(status)
        }
    }
}

/// Sends the call with tonic's client, because it uses compression or tonic's handle of cancellation.
async fn attempt_by_tonic(
    call: &mut PreparedCall,
    path: PathAndQuery,
    termination: &mut Termination,
) -> Result<AttemptResponse, Status> {
    let (metadata, extensions, mut observed) = call.head_of_body();
    let settings = call.channel.settings();
    let chosen = call.compressing.clone().map(|compressing| (compressing, Flags::default()));
    let compressed = chosen.as_ref().map(|(compressing, chosen)| (compressing.encoding, chosen.clone()));
    let transport = TonicTransport { channel: call.channel.clone(), compressed, observed: observed.take_messages() };
    let mut grpc = settings.grpc(transport)?;
    let codec = match &call.requests {
        Requests::One(frame) => settings.codec().sending(frame.len()),
        Requests::Stream(_) => settings.codec(),
    };
    let link = call.requests.link();
    let only = call.is_sent_once();
    let requests = call.requests.attempt(chosen, only);
    let metadata = MetadataMap::from_headers(custom(metadata));
    let mut request = Request::from_parts(metadata, extensions, requests);
    let requests = matches!(call.requests, Requests::Stream(_)).then(|| {
        let handle = request.cancellation_handle();
        request.get_mut().cancel_by(handle.clone());
        RequestsGuard::new(Cancel::ByTonic(handle), link)
    });
    let mut exchange = pin!(grpc.streaming(request, path, codec));
    match termination.limit(exchange.as_mut()).await? {
        Ok(response) => Ok((response::decoded(response), requests, observed)),
        Err(status) => {
            observed.end(Some(&status));
            Err(status)
        }
    }
}
