//! Detects a server in the same process behind a channel.

use std::any::{Any, TypeId};
use std::convert::Infallible;
use std::fmt;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tonic::Status;
use tonic::body::Body;
use tower_service::Service;

use crate::server::{RequestBody, ServerCall, ServerResponse};
use crate::{BoxFuture, intercept};

/// A server in the same process, whatever its service.
pub(crate) trait InProcessServer: Send + Sync {
    fn answer(self: Arc<Self>, request: http::Request<RequestBody>) -> BoxFuture<'static, ServerResponse>;

    /// Reports a call to the interceptors that was refused with `status` before it reached them.
    #[cfg(feature = "serve")]
    fn refused(&self, request: http::Request<RequestBody>, status: &Status);

    /// This server, with more interceptors around its own.
    #[cfg(feature = "serve")]
    fn intercepted_by(&self, interceptors: &intercept::Chain) -> Arc<dyn InProcessServer>;
}

/// Handles a call after the interceptors, whatever its service.
pub(crate) trait CallHandler: Send + Sync {
    fn handle(self: Arc<Self>, call: ServerCall) -> BoxFuture<'static, Result<intercept::Answer, Status>>;
}

/// The future of a response of the server `S`, such as a [`ServiceServer`](crate::ServiceServer). The call starts when this is polled.
pub struct ServerFuture<S> {
    /// The call, until it starts.
    call: Option<(Arc<dyn InProcessServer>, http::Request<Body>)>,
    response: Option<BoxFuture<'static, ServerResponse>>,
    server: PhantomData<fn() -> S>,
}

impl<S> ServerFuture<S> {
    pub(crate) fn new(server: Arc<dyn InProcessServer>, request: http::Request<Body>) -> Self {
        Self { call: Some((server, request)), response: None, server: PhantomData }
    }
}

impl<S> Future for ServerFuture<S> {
    type Output = Result<http::Response<Body>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        if let Some((server, request)) = self.call.take() {
            self.response = Some(server.answer(request.map(RequestBody::Body)));
        }
        match &mut self.response {
            Some(response) => response.as_mut().poll(cx).map(|response| Ok(response.into())),
            None => Poll::Pending,
        }
    }
}

impl<S> fmt::Debug for ServerFuture<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerFuture").finish_non_exhaustive()
    }
}

/// The server in this process that `service` is, if it is one.
///
/// A layer cannot be mistaken for the server inside of it: even if it returns the future of the server, that is a `ServerFuture` of another
/// type than the layer's.
pub(crate) fn server<S>(service: &S) -> Option<Arc<dyn InProcessServer>>
where
    S: Service<http::Request<Body>> + Clone + 'static,
{
    if TypeId::of::<S::Future>() != TypeId::of::<ServerFuture<S>>() {
        return None;
    }
    let future: Box<dyn Any> = Box::new(service.clone().call(http::Request::default()));
    let (server, _) = future.downcast::<ServerFuture<S>>().ok()?.call?;
    Some(server)
}
