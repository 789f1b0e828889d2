//! Takes a call, and runs it for what its method promises: one message or a stream of messages.

use super::{
    prepared_call::{self, PreparedCall},
    received_metadata::{join, merge},
};
use crate::{
    BoxFuture, Streaming, client::attempt::unary, compression, grpc::codec::Encoded, in_process, intercept,
    streaming::Incoming,
};
use prost::Message;
use std::{borrow::BorrowMut, task::Context};
use tonic::{Response, Status};

/// The output of a [`Call`](crate::Call): one message, or a [`Streaming`] of them.
///
/// Every message is one, and nothing else can be: code that takes calls of any method names it as the bound of `T` in `Call<T>`.
#[diagnostic::on_unimplemented(
    message = "a call cannot end with `{Self}`",
    note = "it ends with a message, which implements `prost::Message` and `Default`, or with `rgrpc::Streaming` of one"
)]
pub trait CallOutput: Sized + Send + 'static {
    #[doc(hidden)]
    fn run(call: PreparedCall) -> BoxFuture<'static, Result<Response<Self>, Status>>;

    /// Takes what can be had of a stream without its reader.
    #[doc(hidden)]
    fn read_ahead(&mut self, _: &mut Context<'_>) {}
}

impl<R: Message + Default + 'static> CallOutput for R {
    fn run(call: PreparedCall) -> BoxFuture<'static, Result<Response<R>, Status>> {
        if call.is_intercepted() {
            return intercept::client::one(call, decode);
        }
        one(call, decode)
    }
}

impl<R: Message + Default + 'static> CallOutput for Streaming<R> {
    fn run(call: PreparedCall) -> BoxFuture<'static, Result<Response<Self>, Status>> {
        if call.is_intercepted() {
            return intercept::client::stream(call, Self::decoding);
        }
        stream(call, Self::decoding)
    }

    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        self.read_ahead(cx);
    }
}

/// Reads the one response of a `call` that somebody has alone. One future for each way, of the size that this way needs.
pub(crate) fn one<C, T, F>(mut call: C, read: F) -> BoxFuture<'static, Result<T, Status>>
where
    C: BorrowMut<PreparedCall> + Send + 'static,
    F: FnOnce(Response<Encoded>) -> Result<T, Status> + Send + 'static,
{
    if in_process::can_skip_http(call.borrow()) {
        Box::pin(async move { read(in_process::one(call.borrow_mut()).await?) })
    } else if unary::can_skip_tonic(call.borrow()) {
        Box::pin(async move { read(unary::one(call.borrow_mut()).await?) })
    } else {
        Box::pin(async move { read(single_response(prepared_call::stream(call.borrow_mut()).await?).await?) })
    }
}

/// Reads the responses.
pub(crate) fn stream<C, T, F>(mut call: C, read: F) -> BoxFuture<'static, Result<Response<T>, Status>>
where
    C: BorrowMut<PreparedCall> + Send + 'static,
    F: FnOnce(Incoming) -> T + Send + 'static,
{
    if in_process::can_skip_http(call.borrow()) {
        Box::pin(async move { Ok(in_process::stream(call.borrow_mut()).await?.map(read)) })
    } else {
        Box::pin(async move { Ok(prepared_call::stream(call.borrow_mut()).await?.map(read)) })
    }
}

fn decode<R: Message + Default>(response: Response<Encoded>) -> Result<Response<R>, Status> {
    let (metadata, message, extensions) = response.into_parts();
    Ok(Response::from_parts(metadata, message.decode()?, extensions))
}

/// The only response, with leading and trailing metadata together.
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
