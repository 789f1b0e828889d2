//! Takes a request; hands it to the service that its path names.

use crate::{
    BoxError, BoxFuture, Transport,
    intercept::{self, Chain},
    server::{Answer, Reply, Requested, refusal},
};
use http::{Request, Response};
use std::{
    collections::BTreeMap,
    future::{Future, ready},
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tonic::{Status, body::Body};
use tower_layer::Layer;
use tower_service::Service;

/// The services of a server, by their names.
#[derive(Clone, Default)]
pub(super) struct Routes(Arc<BTreeMap<&'static str, Route>>);

#[derive(Clone)]
enum Route {
    /// A server of this crate's, which needs no more boxes.
    Server(Arc<dyn Answer>),
    Service(Transport),
}

impl Routes {
    /// Adds a service; whether there was none of its name.
    pub(super) fn add(&mut self, name: &'static str, service: Transport) -> bool {
        let route = match service.server().cloned() {
            Some(server) => Route::Server(server),
            None => Route::Service(service),
        };
        Arc::make_mut(&mut self.0).insert(name, route).is_none()
    }

    /// These services, inside of `interceptors`.
    pub(super) fn inside_of(mut self, interceptors: &Chain) -> Self {
        if interceptors.is_empty() {
            return self;
        }
        for route in Arc::make_mut(&mut self.0).values_mut() {
            *route = match route {
                Route::Server(server) => Route::Server(server.inside_of(interceptors)),
                Route::Service(service) => {
                    Route::Service(Transport::new(intercept::layer(interceptors.clone()).layer(service.clone())))
                }
            };
        }
        self
    }

    /// The services but those of gRPC itself.
    #[cfg(feature = "health")]
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied().filter(|name| !name.starts_with("grpc."))
    }

    pub(super) fn answer(&self, request: Request<Body>) -> Answering {
        match self.0.get(service_name(request.uri().path())) {
            Some(Route::Server(server)) => Answering::Server(server.clone().answer(request.map(Requested::Body))),
            Some(Route::Service(service)) => Answering::Service(service.carry(request)),
            None => Answering::Server(Box::pin(ready(unknown(&request)))),
        }
    }
}

/// `Path → "/" Service-Name "/" {method name}`.
fn service_name(path: &str) -> &str {
    path.strip_prefix('/').and_then(|path| path.rsplit_once('/')).map_or("", |(service, _)| service)
}

fn unknown(request: &Request<Body>) -> Reply {
    match refusal(request) {
        Some(refused) => refused.into(),
        None => Status::unimplemented(format!("unknown service `{}`", service_name(request.uri().path()))).into(),
    }
}

/// A response that is being made.
pub(super) enum Answering {
    Server(BoxFuture<'static, Reply>),
    Service(BoxFuture<'static, Result<Response<Body>, BoxError>>),
}

impl Future for Answering {
    type Output = Response<Body>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response<Body>> {
        match &mut *self {
            Self::Server(reply) => reply.as_mut().poll(cx).map(Response::from),
            Self::Service(response) => response
                .as_mut()
                .poll(cx)
                .map(|response| response.unwrap_or_else(|error| Status::from_error(error).into_http())),
        }
    }
}

/// What layers wrap.
impl Service<Request<Body>> for Routes {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let answering = self.answer(request);
        Box::pin(async { Ok(answering.await) })
    }
}
