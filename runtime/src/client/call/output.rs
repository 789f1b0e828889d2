//! Runs a call for the output of its method: one message, or a stream of messages.

use std::task::Context;

use prost::Message;
use tonic::{Response, Status};

use super::prepared_call::PreparedCall;
use super::send;
use crate::grpc::codec::Encoded;
use crate::intercept::client as intercepted;
use crate::{BoxFuture, Streaming};

/// The output of a [`Call`](crate::Call): one message, or a [`Streaming`] of them.
///
/// It is sealed: every message is one, and nothing else can be. Code that takes calls of any method names it as the bound of `T` in
/// `Call<T>`.
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
            return intercepted::one(call, decode);
        }
        send::one(call, decode)
    }
}

impl<R: Message + Default + 'static> CallOutput for Streaming<R> {
    fn run(call: PreparedCall) -> BoxFuture<'static, Result<Response<Self>, Status>> {
        if call.is_intercepted() {
            return intercepted::stream(call, Self::decoding);
        }
        send::stream(call, Self::decoding)
    }

    fn read_ahead(&mut self, cx: &mut Context<'_>) {
        self.read_ahead(cx);
    }
}

fn decode<R: Message + Default>(response: Response<Encoded>) -> Result<Response<R>, Status> {
    let (metadata, message, extensions) = response.into_parts();
    Ok(Response::from_parts(metadata, message.decode()?, extensions))
}
