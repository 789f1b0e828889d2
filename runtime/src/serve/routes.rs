//! Routes a request to the service that its path names.

use std::convert::Infallible;
use std::future::{Future, Ready, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use http::uri::PathAndQuery;
use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tower_layer::Layer;
use tower_service::Service;

use crate::descriptor::CallDescriptor;
use crate::grpc::trailers_only;
use crate::in_process::InProcessServer;
use crate::intercept::{self, Chain, InterceptLayer};
use crate::server::{RequestBody, ServerResponse, refusal};
use crate::{BoxError, BoxFuture, ServiceDescriptor, Transport, unwind};

/// The services of a server.
#[derive(Clone, Default)]
pub(super) struct Routes {
    /// Sorted by name.
    services: Arc<Vec<(&'static str, Route)>>,
    interceptors: Chain,
    /// The fallback for calls to other services: the interceptors around [`UnknownService`].
    fallback: Option<Transport>,
}

#[derive(Clone)]
enum Route {
    /// A [`ServiceServer`](crate::ServiceServer), which saves a box.
    Server(Arc<dyn InProcessServer>),
    Service(Transport),
}

impl Routes {
    /// Adds a service; returns whether its name is new.
    pub(super) fn add(&mut self, name: &'static str, service: Transport) -> bool {
        let route = match service.server().cloned() {
            Some(server) => Route::Server(server),
            None => Route::Service(service),
        };
        let routes = Arc::make_mut(&mut self.services);
        match routes.binary_search_by(|(other, _)| other.cmp(&name)) {
            Ok(index) => routes[index].1 = route,
            Err(index) => {
                routes.insert(index, (name, route));
                return true;
            }
        }
        false
    }

    /// Puts `interceptors` around all services.
    pub(super) fn intercepted_by(mut self, interceptors: &Chain) -> Self {
        if interceptors.is_empty() {
            return self;
        }
        for (name, route) in Arc::make_mut(&mut self.services) {
            *route = match route {
                Route::Server(server) => Route::Server(server.intercepted_by(interceptors)),
                Route::Service(service) => {
                    let layer = intercept::layer(interceptors.clone());
                    let layer = builtin_services(name).iter().fold(layer, InterceptLayer::describe);
                    Route::Service(Transport::new(layer.layer(service.clone())))
                }
            };
        }
        self.interceptors = interceptors.clone();
        self.fallback = Some(Transport::new(intercept::layer(interceptors.clone()).layer(UnknownService)));
        self
    }

    /// The names of the services, except those of gRPC itself.
    #[cfg(feature = "health")]
    pub(super) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.services.iter().map(|(name, _)| *name).filter(|name| !name.starts_with("grpc."))
    }

    fn get(&self, name: &str) -> Option<&Route> {
        let index = self.services.binary_search_by(|(other, _)| (*other).cmp(name)).ok()?;
        Some(&self.services[index].1)
    }

    pub(super) fn answer(&self, request: Request<Body>) -> PendingResponse {
        match self.get(service_name(request.uri().path())) {
            Some(Route::Server(server)) => {
                PendingResponse::Server(server.clone().answer(request.map(RequestBody::Body)))
            }
            Some(Route::Service(service)) => PendingResponse::by(service, request),
            None => match &self.fallback {
                Some(fallback) => PendingResponse::by(fallback, request),
                None => PendingResponse::Server(Box::pin(ready(unknown(&request)))),
            },
        }
    }

    /// Ends a call with `status`, or refuses a request that is not a call. Only [`Intercept::refused`](intercept::Intercept::refused) is told.
    pub(super) fn refuse(&self, request: Request<Body>, status: Status) -> PendingResponse {
        let service = service_name(request.uri().path());
        let no_call = refusal(&request);
        let heard = no_call.as_ref().map_or(&status, |refused| &refused.status);
        if let Some(Route::Server(server)) = self.get(service) {
            server.refused(request.map(RequestBody::Body), heard);
        } else {
            let service = builtin_services(service).first();
            let method = service.and_then(|service| service.method_at(request.uri().path()));
            intercept::server::refused(&self.interceptors, request, CallDescriptor { method, service }, heard);
        }
        let response = no_call.map_or_else(|| status.into(), |refused| Response::from(refused).into());
        PendingResponse::Server(Box::pin(ready(response)))
    }
}

/// `Path → "/" Service-Name "/" {method name}`.
fn service_name(path: &str) -> &str {
    path.strip_prefix('/').and_then(|path| path.rsplit_once('/')).map_or("", |(service, _)| service)
}

fn unknown(request: &Request<Body>) -> ServerResponse {
    match refusal(request) {
        Some(refused) => Response::from(refused).into(),
        None => Status::unimplemented(format!("unknown service `{}`", service_name(request.uri().path()))).into(),
    }
}

/// The descriptor of a service of gRPC itself, which another crate implements.
fn builtin_services(name: &str) -> &'static [ServiceDescriptor] {
    match name {
        #[cfg(feature = "health")]
        "grpc.health.v1.Health" => &[crate::health::SERVICE],
        #[cfg(feature = "reflection")]
        "grpc.reflection.v1.ServerReflection" => &[crate::reflection::SERVICE],
        #[cfg(feature = "reflection")]
        "grpc.reflection.v1alpha.ServerReflection" => &[crate::reflection::SERVICE_V1ALPHA],
        _ => &[],
    }
}

/// Answers calls to services that the server does not have.
#[derive(Clone)]
struct UnknownService;

impl Service<Request<Body>> for UnknownService {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Ready<Result<Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        ready(Ok(unknown(&request).into()))
    }
}

/// The future of a response.
pub(super) enum PendingResponse {
    Server(BoxFuture<'static, ServerResponse>),
    Service(BoxFuture<'static, Result<Response<Body>, BoxError>>, CalledPath),
}

/// The path of a call whose panics must be caught here, because a layer or another crate's service answers it; `None` otherwise.
pub(super) type CalledPath = Option<PathAndQuery>;

impl PendingResponse {
    /// Has a layer or another crate's service answer `request`.
    pub(super) fn by(service: &Transport, request: Request<Body>) -> Self {
        let path = request.uri().path_and_query().cloned();
        Self::Service(service.send(request), path)
    }

    pub(super) fn path(&self) -> CalledPath {
        match self {
            Self::Server(_) => None,
            Self::Service(_, path) => path.clone(),
        }
    }
}

impl Future for PendingResponse {
    type Output = Response<Body>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Response<Body>> {
        match &mut *self {
            Self::Server(response) => response.as_mut().poll(cx).map(Response::from),
            // Nothing else catches the panic of a layer or of another crate's service.
            Self::Service(response, path) => match catch_layer(path, || response.as_mut().poll(cx)) {
                Ok(polled) => {
                    polled.map(|response| response.unwrap_or_else(|error| trailers_only(&Status::from_error(error))))
                }
                Err(status) => Poll::Ready(trailers_only(&status)),
            },
        }
    }
}

/// Runs code of a layer, or of another crate's service; returns the status for a call that panics.
pub(super) fn catch_layer<T>(path: &CalledPath, run: impl FnOnce() -> T) -> Result<T, Status> {
    unwind::catch(run, |payload| {
        tracing::error!(
            method = path.as_ref().map(PathAndQuery::path),
            message = unwind::message(payload),
            "a layer panicked, or a service that was not generated by rgrpc"
        );
        Status::unknown("a layer around the call panicked, or the service itself")
    })
}

/// The service that layers wrap.
impl Service<Request<Body>> for Routes {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let response = self.answer(request);
        Box::pin(async { Ok(response.await) })
    }
}
