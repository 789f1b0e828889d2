//! The bound on tower services that carry calls.

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body as HttpBody;
use tonic::body::Body;
use tower_service::Service;

use crate::BoxError;

/// A tower service that answers the HTTP requests of gRPC: a [`ServiceServer`](crate::ServiceServer), one of tonic's channels, or a stack of
/// layers around one.
///
/// It is implemented for every such service that can be cloned and sent between threads. Use it as a bound:
///
/// ```
/// use rgrpc::{Channel, HttpService};
///
/// fn connect(service: impl HttpService) -> Channel {
///     Channel::new(service)
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a tower service of gRPC requests",
    label = "expected a `Service<http::Request<tonic::body::Body>>` that is `Clone + Send + Sync + 'static`",
    note = "its response is an `http::Response`, whose body has data of `Bytes`; its future is `Send`"
)]
pub trait HttpService:
    Service<Request<Body>, Response = Response<Self::ResponseBody>, Error: Into<BoxError>, Future: Send>
    + Clone
    + Send
    + Sync
    + 'static
{
    /// The body of its responses.
    type ResponseBody: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static;
}

impl<S, B> HttpService for S
where
    S: Service<Request<Body>, Response = Response<B>, Error: Into<BoxError>, Future: Send>
        + Clone
        + Send
        + Sync
        + 'static,
    B: HttpBody<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
{
    type ResponseBody = B;
}
