//! Calls with one request and one response.

use rgrpc::ReceivedMetadata as _;
use rgrpc::metadata::MetadataMap;

use super::streams::output;
use super::{Failure, Outcome, Peer, ensure};
use crate::proto::grpc::testing::{Empty, SimpleRequest, SimpleResponse};
use crate::{INITIAL, TRAILING, payload, size};

pub(super) const REQUEST: usize = 271_828;
pub(super) const RESPONSE: i32 = 314_159;

const SENT: &str = "test_initial_metadata_value";
const SENT_BYTES: &[u8] = b"\xab\xab\xab";

pub(super) fn large() -> SimpleRequest {
    SimpleRequest { response_size: RESPONSE, payload: Some(payload(REQUEST)), ..SimpleRequest::default() }
}

pub(super) fn ensure_large(response: &SimpleResponse) -> Result<(), Failure> {
    let size = size(response.payload.as_ref());
    ensure(i32::try_from(size) == Ok(RESPONSE), format!("the response has {size} bytes"))
}

pub(super) async fn empty_unary(peer: Peer) -> Outcome {
    peer.client().empty_call(Empty {}).await?;
    Ok(None)
}

/// Checks only the header, because there is no caching proxy between client and server.
pub(super) async fn cacheable_unary(peer: Peer) -> Outcome {
    for _ in 0..2 {
        let call = peer.client().cacheable_unary_call(SimpleRequest::default()).metadata("x-user-ip", "1.2.3.4");
        let response = call.await?;
        let header = response.metadata().get("cache-control");
        ensure(header.is_some_and(|value| value == "max-age=60, public"), format!("cache-control is {header:?}"))?;
    }
    Ok(None)
}

pub(super) async fn large_unary(peer: Peer) -> Outcome {
    ensure_large(peer.client().unary_call(large()).await?.get_ref())?;
    Ok(None)
}

pub(super) async fn custom_metadata(peer: Peer) -> Outcome {
    let call = peer.client().unary_call(large()).metadata(INITIAL, SENT).metadata_bin(TRAILING, SENT_BYTES);
    let response = call.await?;
    ensure_large(response.get_ref())?;
    ensure_echo(response.headers(), response.trailers().ok_or("there are no trailers")?)?;

    let request = output(RESPONSE, REQUEST);
    let call = peer.client().full_duplex_call(tokio_stream::once(request));
    let (headers, mut responses, _) =
        call.metadata(INITIAL, SENT).metadata_bin(TRAILING, SENT_BYTES).await?.into_parts();
    ensure(responses.message().await?.is_some(), "there is no response")?;
    let trailers = responses.trailers().await?.ok_or("there are no trailers")?;
    ensure_echo(&headers, &trailers)?;
    Ok(None)
}

fn ensure_echo(headers: &MetadataMap, trailers: &MetadataMap) -> Result<(), Failure> {
    ensure(headers.get(INITIAL).is_some_and(|value| value == SENT), format!("the headers are {headers:?}"))?;
    let bytes = trailers.get_bin(TRAILING).and_then(|value| value.to_bytes().ok());
    ensure(bytes.is_some_and(|bytes| bytes == SENT_BYTES), format!("the trailers are {trailers:?}"))
}
