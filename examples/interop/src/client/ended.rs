//! Calls that end with an error of the server, are cancelled by the client, or miss their deadline.

use std::time::Duration;

use rgrpc::{Code, streaming};

use super::streams::{ensure_size, output};
use super::{Outcome, Peer, ensure_status};
use crate::payload;
use crate::proto::grpc::testing::unimplemented_service_client::UnimplementedServiceClient;
use crate::proto::grpc::testing::{
    EchoStatus, Empty, SimpleRequest, StreamingInputCallRequest, StreamingOutputCallRequest,
};

const SPECIAL: &str = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n";

async fn echoed(peer: Peer, message: &str) -> Outcome {
    let status = Some(EchoStatus { code: Code::Unknown.into(), message: message.to_owned() });
    let request = SimpleRequest { response_status: status.clone(), ..SimpleRequest::default() };
    ensure_status(peer.client().unary_call(request).await, Code::Unknown, Some(message))?;

    let request = StreamingOutputCallRequest { response_status: status, ..StreamingOutputCallRequest::default() };
    let mut responses = peer.client().full_duplex_call(tokio_stream::once(request)).start();
    ensure_status(responses.message().await, Code::Unknown, Some(message))?;
    Ok(None)
}

pub(super) async fn status_code_and_message(peer: Peer) -> Outcome {
    echoed(peer, "test status message").await
}

pub(super) async fn special_status_message(peer: Peer) -> Outcome {
    echoed(peer, SPECIAL).await
}

pub(super) async fn every_status_code(peer: Peer) -> Outcome {
    for code in 1..=16 {
        let status = Some(EchoStatus { code, message: SPECIAL.to_owned() });
        let request = SimpleRequest { response_status: status, ..SimpleRequest::default() };
        ensure_status(peer.client().unary_call(request).await, Code::from_i32(code), Some(SPECIAL))?;
    }
    Ok(None)
}

pub(super) async fn unimplemented_method(peer: Peer) -> Outcome {
    ensure_status(peer.client().unimplemented_call(Empty {}).await, Code::Unimplemented, None)?;
    Ok(None)
}

pub(super) async fn unimplemented_service(peer: Peer) -> Outcome {
    let client = UnimplementedServiceClient::new(peer.channel);
    ensure_status(client.unimplemented_call(Empty {}).await, Code::Unimplemented, None)?;
    Ok(None)
}

pub(super) async fn cancel_after_begin(peer: Peer) -> Outcome {
    let (requests, outgoing) = streaming::channel::<StreamingInputCallRequest>();
    let call = peer.client().streaming_input_call(outgoing).start();
    requests.cancel();
    ensure_status(call.await, Code::Cancelled, None)?;
    Ok(None)
}

pub(super) async fn cancel_after_first_response(peer: Peer) -> Outcome {
    let (mut requests, outgoing) = streaming::channel();
    let mut responses = peer.client().full_duplex_call(outgoing).start();
    requests.send(output(31_415, 27_182)).await?;
    ensure_size(responses.message().await?.as_ref(), 31_415)?;
    requests.cancel();
    ensure_status(responses.message().await, Code::Cancelled, None)?;
    Ok(None)
}

pub(super) async fn timeout_on_sleeping_server(peer: Peer) -> Outcome {
    let request =
        StreamingOutputCallRequest { payload: Some(payload(27_182)), ..StreamingOutputCallRequest::default() };
    let (mut requests, outgoing) = streaming::channel();
    let mut responses = peer.client().full_duplex_call(outgoing).timeout(Duration::from_millis(1)).start();
    // The call may be over before its request is sent.
    let _ = requests.send(request).await;
    ensure_status(responses.message().await, Code::DeadlineExceeded, None)?;
    Ok(None)
}
