//! Chooses the way to send a call: in process, as one frame, or as a stream.

use std::borrow::BorrowMut;

use tonic::{Response, Status};

use super::prepared_call::PreparedCall;
use super::run;
use super::single_response::single_response;
use crate::client::attempt::unary;
use crate::grpc::codec::Encoded;
use crate::streaming::Incoming;
use crate::{BoxFuture, in_process};

/// Runs a call with one response. Each way has a future of its own, no larger than that way needs.
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
        Box::pin(async move { read(single_response(run::stream(call.borrow_mut()).await?).await?) })
    }
}

/// Runs a call with a stream of responses.
pub(crate) fn stream<C, T, F>(mut call: C, read: F) -> BoxFuture<'static, Result<Response<T>, Status>>
where
    C: BorrowMut<PreparedCall> + Send + 'static,
    F: FnOnce(Incoming) -> T + Send + 'static,
{
    if in_process::can_skip_http(call.borrow()) {
        Box::pin(async move { Ok(in_process::stream(call.borrow_mut()).await?.map(read)) })
    } else {
        Box::pin(async move { Ok(run::stream(call.borrow_mut()).await?.map(read)) })
    }
}
