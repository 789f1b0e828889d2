//! Items for generated code alone: not covered by the promises of version numbers.

use std::future::{Ready, ready};

use tonic::{Request, Response, Status};

use crate::{BoxResponseFuture, MethodDescriptor, ResponseFuture, Streaming, StreamingResponseFuture};

pub use crate::server::{Dispatch, ServerCall, ServerResponse};
#[cfg(feature = "retry")]
pub use crate::service_config::GeneratedConfig;

/// Named by every generated file, so that one which this version cannot serve does not compile.
pub const SUPPORTS_CODEGEN_1: () = ();

/// The body of a method with one response that the service's implementation leaves out.
pub fn unimplemented<Q, R>(
    method: &'static MethodDescriptor,
    request: Request<Q>,
) -> Ready<Result<Response<R>, Status>> {
    drop(request);
    ready(Err(Status::unimplemented(format!("{} is not implemented", method.path()))))
}

/// The body of a method with a stream of responses that the service's implementation leaves out.
pub fn unimplemented_streaming<Q, R>(
    method: &'static MethodDescriptor,
    request: Request<Q>,
) -> Ready<Result<Response<Streaming<R>>, Status>> {
    unimplemented(method, request)
}

/// The future of a method with one response, as a trait object returns it.
pub fn boxed<'a, R>(future: impl ResponseFuture<R> + 'a) -> BoxResponseFuture<'a, R> {
    Box::pin(future)
}

/// The future of a method with a stream of responses, as a trait object returns it.
pub fn boxed_streaming<'a, R: 'static>(
    future: impl StreamingResponseFuture<R> + 'a,
) -> BoxResponseFuture<'a, Streaming<R>> {
    Box::pin(async { Ok(future.await?.map(Streaming::from_results)) })
}
