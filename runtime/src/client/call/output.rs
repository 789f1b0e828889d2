//! The output of a call: one message, or a stream of messages.

use std::task::Context;

use prost::Message;
use tonic::{Response, Status};

use super::prepared_call::PreparedCall;
use super::send;
use crate::grpc::codec::Encoded;
use crate::intercept::client as intercepted;
use crate::{BoxFuture, Streaming};

/// The output of a [`Call`](crate::Call): a message, or a [`Streaming`] of messages.
///
/// It is the bound of `T` for code that is generic over `Call<T>`, and is implemented for every message; others cannot implement it.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the output of a call",
    note = "it has to be a message, which implements `prost::Message` and `Default`, or `rgrpc::Streaming` of a message"
)]
pub trait CallOutput: Sized + Send + 'static {
    #[doc(hidden)]
    fn run(call: PreparedCall) -> BoxFuture<'static, Result<Response<Self>, Status>>;

    /// Reads messages of a stream that have arrived, before the reader asks for them.
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
