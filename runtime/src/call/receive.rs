//! Takes the stream of bytes a call answers with; gives the one message or the stream of messages that its method promises.

use crate::{Streaming, codec, streaming::Incoming};
use bytes::Bytes;
use prost::Message;
use std::future::Future;
use tonic::{Response, Status, metadata::MetadataMap};

/// What the response of a call carries: one message, or a [`Streaming`] of them.
pub trait Receive: Sized + 'static {
    #[doc(hidden)]
    fn receive(responses: Response<Incoming>) -> impl Future<Output = Result<Response<Self>, Status>> + Send;
}

impl<R: Message + Default + 'static> Receive for R {
    async fn receive(responses: Response<Incoming>) -> Result<Response<R>, Status> {
        let (metadata, message, extensions) = only(responses).await?.into_parts();
        Ok(Response::from_parts(metadata, codec::decode(message)?, extensions))
    }
}

/// The only response, with leading and trailing metadata together.
async fn only(responses: Response<Incoming>) -> Result<Response<Bytes>, Status> {
    let (metadata, mut responses, extensions) = responses.into_parts();
    match responses.only_message("response").await {
        Ok(message) => {
            let trailers = responses.trailers().await?.unwrap_or_default();
            Ok(Response::from_parts(merge(metadata, trailers), message, extensions))
        }
        Err(mut status) => {
            let trailers = std::mem::take(status.metadata_mut());
            *status.metadata_mut() = merge(metadata, trailers);
            Err(status)
        }
    }
}

fn merge(metadata: MetadataMap, more: MetadataMap) -> MetadataMap {
    let mut headers = metadata.into_headers();
    headers.extend(more.into_headers());
    MetadataMap::from_headers(headers)
}

impl<R: Message + Default + 'static> Receive for Streaming<R> {
    async fn receive(responses: Response<Incoming>) -> Result<Response<Self>, Status> {
        let (metadata, responses, extensions) = responses.into_parts();
        Ok(Response::from_parts(metadata, Self::decoding(responses), extensions))
    }
}
