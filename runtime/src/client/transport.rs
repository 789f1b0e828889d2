//! The transport of a channel: a tower service whose type is erased.

use std::any::Any;
use std::fmt;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::{Context, Poll};

use tonic::body::Body;
use tower_service::Service;

#[cfg(feature = "channel")]
use super::connection::reconnect::Reconnect;
use crate::in_process::{self, InProcessServer};
use crate::{BoxError, BoxFuture, HttpService};

/// The transport of a [`Channel`](crate::Channel): a tower service from HTTP requests to responses, cheap to clone.
///
/// A layer given to [`Channel::layer`](crate::Channel::layer) wraps it. Clients that tonic generated work over it too:
/// `HealthClient::new(channel.transport())`.
///
/// It is always ready: a call waits for the service inside.
#[derive(Clone)]
pub struct Transport {
    service: Arc<dyn ErasedService>,
    server: Option<Arc<dyn InProcessServer>>,
    knows_its_end: bool,
    is_bare: bool,
}

/// The transport whose response bodies are hyper's.
#[cfg(feature = "channel")]
type HyperTransport = tonic::transport::Channel;
#[cfg(not(feature = "channel"))]
type HyperTransport = std::convert::Infallible;

trait ErasedService: Send + Sync {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, BoxError>>;
}

struct AnyService<S>(S);

impl<S: HttpService> ErasedService for AnyService<S> {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, BoxError>> {
        let mut service = self.0.clone();
        Box::pin(async move {
            poll_fn(|cx| service.poll_ready(cx)).await.map_err(Into::into)?;
            let response = service.call(request).await.map_err(Into::into)?;
            Ok(response.map(Body::new))
        })
    }
}

/// It is always ready, so that no second future is boxed to wait for it.
#[cfg(feature = "balance")]
impl ErasedService for crate::balance::Balanced {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, BoxError>> {
        Self::send(self, request)
    }
}

#[cfg(feature = "channel")]
impl ErasedService for Reconnect {
    fn send(&self, request: http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, BoxError>> {
        Box::pin(self.clone().send(request))
    }
}

impl Transport {
    /// A transport over this crate's own connection to one server.
    #[cfg(feature = "channel")]
    pub(crate) fn to(server: Reconnect) -> Self {
        Self { service: Arc::new(server), server: None, knows_its_end: false, is_bare: true }
    }

    pub(crate) fn new(service: impl HttpService) -> Self {
        let server = in_process::server(&service);
        let knows_its_end = (&service as &dyn Any).is::<HyperTransport>();
        let is_bare = server.is_some() || knows_its_end;
        #[cfg(feature = "balance")]
        if let Some(balanced) = (&service as &dyn Any).downcast_ref::<crate::balance::Balanced>() {
            let is_bare = !balanced.shows_requests();
            return Self { service: Arc::new(balanced.clone()), server, knows_its_end, is_bare };
        }
        Self { service: Arc::new(AnyService(service)), server, knows_its_end, is_bare }
    }

    /// Marks this transport, which a layer wraps, with what is known of the one below.
    pub(crate) fn over(self, knows_its_end: bool) -> Self {
        Self { knows_its_end: self.knows_its_end || knows_its_end, ..self }
    }

    /// Whether its response bodies report `is_end_stream`. hyper's do, and need it: after a reset without an error as well as at the end they
    /// have no more frames. Other bodies need not report it.
    pub(crate) fn knows_its_end(&self) -> bool {
        self.knows_its_end
    }

    /// Whether nothing below reads the extensions of a request, so that none need be set.
    pub(crate) fn is_bare(&self) -> bool {
        self.is_bare
    }

    /// The server in this process, if the transport is one without layers.
    pub(crate) fn server(&self) -> Option<&Arc<dyn InProcessServer>> {
        self.server.as_ref()
    }

    pub(crate) fn send(
        &self,
        request: http::Request<Body>,
    ) -> BoxFuture<'static, Result<http::Response<Body>, BoxError>> {
        self.service.send(request)
    }
}

impl fmt::Debug for Transport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transport").finish_non_exhaustive()
    }
}

impl Service<http::Request<Body>> for Transport {
    type Response = http::Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, Self::Error>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        self.send(request)
    }
}
