//! Calls with streams of requests or responses.

use rgrpc::streaming;

use super::{Outcome, Peer, ensure};
use crate::proto::grpc::testing::{
    ResponseParameters, StreamingInputCallRequest, StreamingOutputCallRequest, StreamingOutputCallResponse,
};
use crate::{payload, size};

const REQUESTS: [usize; 4] = [27_182, 8, 1_828, 45_904];
const RESPONSES: [i32; 4] = [31_415, 9, 2_653, 58_979];

/// A request for one response.
pub(super) fn output(response: i32, request: usize) -> StreamingOutputCallRequest {
    StreamingOutputCallRequest {
        response_parameters: vec![parameters(response)],
        payload: Some(payload(request)),
        ..StreamingOutputCallRequest::default()
    }
}

fn parameters(size: i32) -> ResponseParameters {
    ResponseParameters { size, ..ResponseParameters::default() }
}

/// Fails unless there is a response of this size.
pub(super) fn ensure_size(response: Option<&StreamingOutputCallResponse>, expected: i32) -> Result<(), super::Failure> {
    let size = response.map(|response| size(response.payload.as_ref()));
    ensure(
        size.and_then(|size| size.try_into().ok()) == Some(expected),
        format!("{size:?} instead of {expected} bytes"),
    )
}

pub(super) async fn client_streaming(peer: Peer) -> Outcome {
    let request =
        |size| StreamingInputCallRequest { payload: Some(payload(size)), ..StreamingInputCallRequest::default() };
    let response = peer.client().streaming_input_call(tokio_stream::iter(REQUESTS.map(request))).await?;
    let sum = response.get_ref().aggregated_payload_size;
    ensure(sum == 74_922, format!("the server received {sum} bytes"))?;
    Ok(None)
}

pub(super) async fn server_streaming(peer: Peer) -> Outcome {
    let request = StreamingOutputCallRequest {
        response_parameters: RESPONSES.map(parameters).into(),
        ..StreamingOutputCallRequest::default()
    };
    let mut responses = peer.client().streaming_output_call(request).await?.into_inner();
    for expected in RESPONSES {
        ensure_size(responses.message().await?.as_ref(), expected)?;
    }
    ensure(responses.message().await?.is_none(), "there are more responses")?;
    Ok(None)
}

/// The call is started without waiting for headers, because most servers send none before the first response.
pub(super) async fn ping_pong(peer: Peer) -> Outcome {
    let (mut requests, outgoing) = streaming::channel();
    let mut responses = peer.client().full_duplex_call(outgoing).start();
    for (request, response) in REQUESTS.into_iter().zip(RESPONSES) {
        requests.send(output(response, request)).await?;
        ensure_size(responses.message().await?.as_ref(), response)?;
    }
    requests.finish();
    ensure(responses.message().await?.is_none(), "there are more responses")?;
    Ok(None)
}

pub(super) async fn empty_stream(peer: Peer) -> Outcome {
    let mut responses = peer.client().full_duplex_call(tokio_stream::empty()).await?.into_inner();
    ensure(responses.message().await?.is_none(), "there are responses")?;
    Ok(None)
}
