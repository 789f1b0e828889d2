//! Runs tonic's interceptors over the head of a call.

use std::sync::Arc;

use tonic::metadata::MetadataMap;
use tonic::service::Interceptor;
use tonic::{Request, Status};

/// [`Interceptor`] without its `&mut self`.
pub(crate) trait TonicInterceptor: Send + Sync {
    fn call(&self, request: Request<()>) -> Result<Request<()>, Status>;
}

impl<I: Interceptor + Clone + Send + Sync> TonicInterceptor for I {
    fn call(&self, request: Request<()>) -> Result<Request<()>, Status> {
        Interceptor::call(&mut self.clone(), request)
    }
}

/// Runs the interceptors, in order, until one of them fails.
pub(crate) fn run<B>(interceptors: &[Arc<dyn TonicInterceptor>], call: &mut http::Request<B>) -> Result<(), Status> {
    let metadata = MetadataMap::from_headers(std::mem::take(call.headers_mut()));
    let mut request = Request::from_parts(metadata, std::mem::take(call.extensions_mut()), ());
    for interceptor in interceptors {
        request = interceptor.call(request)?;
    }
    let (metadata, extensions, ()) = request.into_parts();
    *call.headers_mut() = metadata.into_headers();
    *call.extensions_mut() = extensions;
    Ok(())
}
