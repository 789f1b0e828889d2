//! Takes the stream of bytes a call answers with; gives the one message or the stream of messages that its method promises.

use crate::{Streaming, codec, streaming::Incoming};
use prost::Message;
use std::future::Future;
use tonic::{Response, Status};

/// What the response of a call carries: one message, or a [`Streaming`] of them.
pub trait Receive: Sized + 'static {
    #[doc(hidden)]
    fn receive(responses: Response<Incoming>) -> impl Future<Output = Result<Response<Self>, Status>> + Send;
}

impl<R: Message + Default + 'static> Receive for R {
    async fn receive(responses: Response<Incoming>) -> Result<Response<R>, Status> {
        let (metadata, responses, extensions) = responses.into_parts();
        let (metadata, message) = responses.only_message(metadata, "response").await?;
        Ok(Response::from_parts(metadata, codec::decode(message)?, extensions))
    }
}

impl<R: Message + Default + 'static> Receive for Streaming<R> {
    async fn receive(responses: Response<Incoming>) -> Result<Response<Self>, Status> {
        let (metadata, responses, extensions) = responses.into_parts();
        Ok(Response::from_parts(metadata, Self::decoding(responses), extensions))
    }
}
