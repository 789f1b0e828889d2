//! Items for generated code only, which are exempt from semantic versioning.

use std::future::{Ready, ready};

use tonic::{Request, Response, Status};

use crate::{BoxResponseFuture, MethodDescriptor, ResponseFuture, Streaming, StreamingResponseFuture};

pub use crate::server::{Dispatch, ServerCall, ServerResponse};
#[cfg(feature = "retry")]
pub use crate::service_config::GeneratedConfig;

/// Every generated file names it, so that code which this version does not support fails to compile.
pub const SUPPORTS_CODEGEN_1: () = ();

/// The default body of a method with one response.
pub fn unimplemented<Q, R>(
    method: &'static MethodDescriptor,
    request: Request<Q>,
) -> Ready<Result<Response<R>, Status>> {
    drop(request);
    ready(Err(Status::unimplemented(format!("{} is not implemented", method.path()))))
}

/// The default body of a method with a stream of responses.
pub fn unimplemented_streaming<Q, R>(
    method: &'static MethodDescriptor,
    request: Request<Q>,
) -> Ready<Result<Response<Streaming<R>>, Status>> {
    unimplemented(method, request)
}

/// Boxes the future of a method with one response, for a trait object.
pub fn boxed<'a, R>(future: impl ResponseFuture<R> + 'a) -> BoxResponseFuture<'a, R> {
    Box::pin(future)
}

/// Boxes the future of a method with a stream of responses, for a trait object.
pub fn boxed_streaming<'a, R: 'static>(
    future: impl StreamingResponseFuture<R> + 'a,
) -> BoxResponseFuture<'a, Streaming<R>> {
    Box::pin(async { Ok(future.await?.map(Streaming::from_results)) })
}
