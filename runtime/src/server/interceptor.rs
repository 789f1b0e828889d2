//! Takes tonic's interceptors; runs them over a call's head.

use http::request::Parts;
use std::sync::Arc;
use tonic::{Request, Status, metadata::MetadataMap, service::Interceptor};

pub(crate) trait Intercept: Send + Sync {
    fn intercept(&self, request: Request<()>) -> Result<Request<()>, Status>;
}

impl<I: Interceptor + Clone + Send + Sync> Intercept for I {
    fn intercept(&self, request: Request<()>) -> Result<Request<()>, Status> {
        self.clone().call(request)
    }
}

pub(crate) fn run(interceptors: &[Arc<dyn Intercept>], parts: &mut Parts) -> Result<(), Status> {
    if interceptors.is_empty() {
        return Ok(());
    }
    let metadata = MetadataMap::from_headers(std::mem::take(&mut parts.headers));
    let mut request = Request::from_parts(metadata, std::mem::take(&mut parts.extensions), ());
    for interceptor in interceptors {
        request = interceptor.intercept(request)?;
    }
    let (metadata, extensions, ()) = request.into_parts();
    parts.headers = metadata.into_headers();
    parts.extensions = extensions;
    Ok(())
}
