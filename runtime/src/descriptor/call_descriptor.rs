//! The extension by which a request carries the descriptors of its method and its service.

use tonic::Extensions;

use super::{MethodDescriptor, ServiceDescriptor};

#[derive(Debug, Clone, Copy)]
pub(crate) struct CallDescriptor {
    pub(crate) method: Option<&'static MethodDescriptor>,
    pub(crate) service: Option<&'static ServiceDescriptor>,
}

impl MethodDescriptor {
    /// Returns the descriptor of the method that a request calls, from the request's extensions.
    ///
    /// It is there in handlers, in the interceptors of [`ServiceServer::with_interceptor`](crate::ServiceServer::with_interceptor), and in all
    /// layers and services below a [`Channel`](crate::Channel). `None` if the server does not have the method, or if this crate did not make
    /// the request.
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
    /// Returns the descriptor of the service that a request calls, from the request's extensions.
    ///
    /// It is there in handlers and interceptors of a server, and on a client in all layers and services below a channel made with
    /// [`Channel::for_service`](crate::Channel::for_service).
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<&'static Self> {
        extensions.get::<CallDescriptor>()?.service
    }
}
