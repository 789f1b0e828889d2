//! Compressed and uncompressed messages.

use rgrpc::CompressionEncoding::Gzip;
use rgrpc::compression::{MessageCompression, was_compressed};
use rgrpc::{Code, Request};
use tokio_stream::StreamExt;

use super::streams::ensure_size;
use super::unary::{ensure_large, large};
use super::{Outcome, Peer, ensure, ensure_status};
use crate::payload;
use crate::proto::grpc::testing::{
    BoolValue, ResponseParameters, SimpleRequest, StreamingInputCallRequest, StreamingOutputCallRequest,
};

/// The remark on a server that does not notice that a request is not compressed.
const UNSEEN: Option<&str> = Some("the server ignores the compressed flag of messages");

pub(super) async fn client_compressed_unary(peer: Peer) -> Outcome {
    let request = |expected| SimpleRequest { expect_compressed: Some(BoolValue { value: expected }), ..large() };
    let probe = peer.client().unary_call(request(true)).await;
    let seen = probe.is_err();
    if seen {
        ensure_status(probe, Code::InvalidArgument, None)?;
    }
    ensure_large(peer.client().unary_call(request(true)).send_compressed(Gzip).await?.get_ref())?;
    ensure_large(peer.client().unary_call(request(false)).await?.get_ref())?;
    Ok(UNSEEN.filter(|_| !seen))
}

pub(super) async fn server_compressed_unary(peer: Peer) -> Outcome {
    for compressed in [true, false] {
        let request = SimpleRequest { response_compressed: Some(BoolValue { value: compressed }), ..large() };
        let response = peer.client().unary_call(request).accept_compressed(Gzip).await?;
        ensure_large(response.get_ref())?;
        let was_compressed = was_compressed(response.extensions());
        ensure(was_compressed == compressed, format!("compressed is {was_compressed} instead of {compressed}"))?;
    }
    Ok(None)
}

pub(super) async fn client_compressed_streaming(peer: Peer) -> Outcome {
    let request = |size, expected| StreamingInputCallRequest {
        payload: Some(payload(size)),
        expect_compressed: Some(BoolValue { value: expected }),
    };
    let probe = peer.client().streaming_input_call(tokio_stream::once(request(27_182, true))).await;
    let seen = probe.is_err();
    if seen {
        ensure_status(probe, Code::InvalidArgument, None)?;
    }
    let mut requests = Request::new(());
    let compression = MessageCompression::of(requests.extensions_mut());
    let requests = requests.map(|()| {
        tokio_stream::iter([(27_182, true), (45_904, false)]).map(move |(size, compressed)| {
            compression.set(compressed);
            request(size, compressed)
        })
    });
    let response = peer.client().streaming_input_call(requests).send_compressed(Gzip).await?;
    let sum = response.get_ref().aggregated_payload_size;
    ensure(sum == 73_086, format!("the server received {sum} bytes"))?;
    Ok(UNSEEN.filter(|_| !seen))
}

pub(super) async fn server_compressed_streaming(peer: Peer) -> Outcome {
    let responses = [(31_415, true), (92_653, false)];
    let parameters = responses.map(|(size, compressed)| ResponseParameters {
        size,
        compressed: Some(BoolValue { value: compressed }),
        ..ResponseParameters::default()
    });
    let request =
        StreamingOutputCallRequest { response_parameters: parameters.into(), ..StreamingOutputCallRequest::default() };
    let mut received = peer.client().streaming_output_call(request).accept_compressed(Gzip).await?.into_inner();
    for (size, compressed) in responses {
        ensure_size(received.message().await?.as_ref(), size)?;
        let was_compressed = received.was_compressed();
        ensure(was_compressed == compressed, format!("compressed is {was_compressed} instead of {compressed}"))?;
    }
    ensure(received.message().await?.is_none(), "there are more responses")?;
    Ok(None)
}
