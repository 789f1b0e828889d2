//! Many calls, many connections, large messages and long streams.

use super::streams::{ensure_size, output};
use super::unary::{ensure_large, large};
use super::{Outcome, Peer, ensure};
use crate::payload;
use crate::proto::grpc::testing::SimpleRequest;
use crate::proto::grpc::testing::test_service_client::TestServiceClient;

const CALLS: usize = 200;
const CHANNELS: usize = 50;
const THREE_MEGABYTES: usize = 3_000_000;
const PING_PONGS: i32 = 10_000;

pub(super) async fn rpc_soak(peer: Peer) -> Outcome {
    for _ in 0..CALLS {
        ensure_large(peer.client().unary_call(large()).await?.get_ref())?;
    }
    Ok(None)
}

pub(super) async fn channel_soak(peer: Peer) -> Outcome {
    for _ in 0..CHANNELS {
        let client = TestServiceClient::new(peer.target.connect().await?);
        ensure_large(client.unary_call(large()).await?.get_ref())?;
    }
    Ok(None)
}

pub(super) async fn three_megabytes(peer: Peer) -> Outcome {
    let request = SimpleRequest {
        response_size: THREE_MEGABYTES.try_into()?,
        payload: Some(payload(THREE_MEGABYTES)),
        ..SimpleRequest::default()
    };
    let response = peer.client().unary_call(request).await?.into_inner();
    ensure(crate::size(response.payload.as_ref()) == THREE_MEGABYTES, "the size of the response")?;
    Ok(None)
}

pub(super) async fn ten_thousand_ping_pongs(peer: Peer) -> Outcome {
    let requests = tokio_stream::iter((0..PING_PONGS).map(|n| output(n % 100, 0)));
    let mut responses = peer.client().full_duplex_call(requests).await?.into_inner();
    for n in 0..PING_PONGS {
        ensure_size(responses.message().await?.as_ref(), n % 100)?;
    }
    ensure(responses.message().await?.is_none(), "there are more responses")?;
    Ok(None)
}
