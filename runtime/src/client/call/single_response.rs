//! Reads the one response of a call out of a stream.

use tonic::{Response, Status};

use super::received_metadata::{join, merge};
use crate::compression;
use crate::grpc::codec::Encoded;
use crate::streaming::Incoming;

/// The only response, with merged headers and trailers.
pub(crate) async fn single_response(responses: Response<Incoming>) -> Result<Response<Encoded>, Status> {
    let (metadata, mut responses, mut extensions) = responses.into_parts();
    match responses.single_message("response").await {
        Ok(message) => {
            compression::note(&mut extensions, responses.was_compressed());
            let trailers = responses.trailers().await?.unwrap_or_default();
            let metadata = join(metadata.into_headers(), trailers.into_headers(), &mut extensions);
            Ok(Response::from_parts(metadata, message, extensions))
        }
        Err(mut status) => {
            let trailers = std::mem::take(status.metadata_mut());
            *status.metadata_mut() = merge(metadata.into_headers(), trailers.into_headers());
            Err(status)
        }
    }
}
