//! Takes a call, and runs it for what its method promises: one message or a stream of messages.

use super::{
    received::{join, merge},
    run::{self, Start},
    unary,
};
use crate::{BoxFuture, Streaming, codec, compression, streaming::Incoming};
use bytes::Bytes;
use prost::Message;
use std::task::Context;
use tonic::{Response, Status};

/// What the response of a call carries: one message, or a [`Streaming`] of them.
pub trait Receive: Sized + Send + 'static {
    #[doc(hidden)]
    fn receive(call: Start) -> BoxFuture<'static, Result<Response<Self>, Status>>;

    /// Takes what can be had of a stream without its reader.
    #[doc(hidden)]
    fn read_ahead(&mut self, _: &mut Context<'_>) {}
}

impl<R: Message + Default + 'static> Receive for R {
    // One future for each way, of the size that this way needs.
    fn receive(mut call: Start) -> BoxFuture<'static, Result<Response<R>, Status>> {
        if !unary::carries(&call) {
            Box::pin(async move { decode(only(run::stream(&mut call).await?).await?) })
        } else if call.is_in_process() {
            Box::pin(async move { decode(unary::in_process(&mut call).await?) })
        } else {
            Box::pin(async move { decode(unary::by_http(&mut call).await?) })
        }
    }
}

impl<R: Message + Default + 'static> Receive for Streaming<R> {
    fn receive(mut call: Start) -> BoxFuture<'static, Result<Response<Self>, Status>> {
        Box::pin(async move {
            let (metadata, responses, extensions) = run::stream(&mut call).await?.into_parts();
            Ok(Response::from_parts(metadata, Self::decoding(responses), extensions))
        })
    }

    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        self.read_ahead(cx);
    }
}

fn decode<R: Message + Default>(response: Response<Bytes>) -> Result<Response<R>, Status> {
    let (metadata, message, extensions) = response.into_parts();
    Ok(Response::from_parts(metadata, codec::decode(message)?, extensions))
}

/// The only response, with leading and trailing metadata together.
pub(super) async fn only(responses: Response<Incoming>) -> Result<Response<Bytes>, Status> {
    let (metadata, mut responses, mut extensions) = responses.into_parts();
    match responses.only_message("response").await {
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
