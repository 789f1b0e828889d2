//! The method and the service of a request, in one extension.

use tonic::Extensions;

use super::{MethodDescriptor, ServiceDescriptor};

#[derive(Debug, Clone, Copy)]
pub(crate) struct CallDescriptor {
    pub(crate) method: Option<&'static MethodDescriptor>,
    pub(crate) service: Option<&'static ServiceDescriptor>,
}

impl MethodDescriptor {
    /// The descriptor of the method that a request calls, out of the request's extensions.
    ///
    /// Handlers and the interceptors of [`ServiceServer::with_interceptor`](crate::ServiceServer::with_interceptor) have it, and so has everything
    /// under a [`Channel`](crate::Channel). `None` means that the request calls a method the server does not have, or that it did not
    /// come from this crate.
    ///
    /// ```
    /// use rgrpc::{MethodDescriptor, Request, Status};
    ///
    /// fn log(request: Request<()>) -> Result<Request<()>, Status> {
    ///     if let Some(method) = MethodDescriptor::of(request.extensions()) {
    ///         println!("{}", method.path());
    ///     }
    ///     Ok(request)
    /// }
    /// # log(Request::new(())).unwrap();
    /// ```
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&'static Self> {
        extensions.get::<CallDescriptor>()?.method
    }
}

impl ServiceDescriptor {
    /// The descriptor of the service that a request calls, out of the request's extensions.
    ///
    /// Handlers and interceptors of a server have it; on a client, those under a channel made with
    /// [`Channel::for_service`](crate::Channel::for_service).
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&'static Self> {
        extensions.get::<CallDescriptor>()?.service
    }
}
