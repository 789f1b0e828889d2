//! Interceptors as a tower layer, around any service of gRPC requests.

use std::convert::Infallible;
use std::future::{poll_fn, ready};
use std::mem;
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::Body as HttpBody;
use tonic::body::Body;
use tonic::metadata::MetadataMap;
use tonic::server::NamedService;
use tonic::{Response, Status};
use tower_layer::Layer;
use tower_service::Service;

use super::body::WatchedBody;
use super::next::End;
use super::{Answer, Chain, Head, Intercept, Messages, Observers, Parts, Watch, Watches, server};
use crate::descriptor::CallDescriptor;
use crate::grpc::{GRPC_ENCODING, read_status, split_binary, timeout};
use crate::server::{Bounds, Catch, Content, ServerResponse, UserCode, refusal};
use crate::{BoxError, BoxFuture, Deadline, ServiceDescriptor};

/// A tower layer that runs interceptors around calls; [`layer`] makes it.
#[derive(Debug, Clone)]
pub struct InterceptLayer {
    chain: Chain,
    services: Arc<[&'static ServiceDescriptor]>,
}

/// Makes a tower layer that runs `interceptor` around the calls of all services inside of it, including those of other crates, such as health
/// and reflection.
///
/// ```no_run
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::{user_service_methods::SERVICE, user_service_server::{UserService, UserServiceServer}};
/// # async fn example(
/// #     authorize: impl rgrpc::intercept::Intercept,
/// #     users: impl UserService,
/// # ) -> Result<(), Box<dyn std::error::Error>> {
/// use rgrpc::{intercept, tonic::transport::Server};
///
/// let router = Server::builder()
///     .layer(intercept::layer(authorize).describe(&SERVICE))
///     .add_service(UserServiceServer::new(users));
/// router.serve("[::1]:50051".parse()?).await?;
/// # Ok(())
/// # }
/// ```
///
/// The layer sees calls as HTTP: sizes of messages are those on the wire, and [`Head::method`] is known only for services that were
/// [described](InterceptLayer::describe). It refuses requests that are not gRPC, as a [`ServiceServer`](crate::ServiceServer) does. It is
/// outside of the interceptors of each service.
#[must_use]
pub fn layer(interceptor: impl Intercept) -> InterceptLayer {
    InterceptLayer { chain: Chain::new().with(interceptor), services: Arc::default() }
}

impl InterceptLayer {
    /// Makes the methods of `service` known, so that [`Head::method`] has their descriptors.
    #[must_use]
    pub fn describe(self, service: &'static ServiceDescriptor) -> Self {
        self.chain.describe(service);
        Self { services: self.services.iter().copied().chain([service]).collect(), ..self }
    }

    fn descriptor(&self, path: &str) -> CallDescriptor {
        let service = path.strip_prefix('/').and_then(|path| path.split_once('/')).map_or("", |(service, _)| service);
        let service = self.services.iter().copied().find(|described| described.name() == service);
        let method = service.and_then(|service| service.method_at(path));
        CallDescriptor { method, service }
    }
}

impl<S> Layer<S> for InterceptLayer {
    type Service = Intercepted<S>;

    fn layer(&self, service: S) -> Intercepted<S> {
        Intercepted { layer: self.clone(), service }
    }
}

/// A tower service with interceptors around its calls; [`InterceptLayer`] makes it.
#[derive(Debug, Clone)]
pub struct Intercepted<S> {
    layer: InterceptLayer,
    service: S,
}

impl<S: NamedService> NamedService for Intercepted<S> {
    const NAME: &'static str = S::NAME;
}

impl<S, B, R> Service<http::Request<B>> for Intercepted<S>
where
    S: Service<http::Request<Body>, Response = http::Response<R>> + Clone + Send + 'static,
    S::Error: Into<BoxError>,
    S::Future: Send,
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    R: HttpBody<Data = Bytes> + Send + 'static,
    R::Error: Into<BoxError>,
{
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<http::Response<Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<B>) -> Self::Future {
        if let Some(refused) = refusal(&request) {
            let descriptor = self.layer.descriptor(request.uri().path());
            server::refused(&self.layer.chain, request, descriptor, &refused.status);
            return Box::pin(ready(Ok(refused.into())));
        }
        let mut service = self.service.clone();
        let forward = move |request| {
            Box::pin(async move {
                poll_fn(|cx| service.poll_ready(cx)).await.map_err(Into::into)?;
                Ok(service.call(request).await.map_err(Into::into)?.map(Body::new))
            }) as _
        };
        let descriptor = self.layer.descriptor(request.uri().path());
        let bounds = Bounds::of_layer(Deadline::of_headers(request.headers()), descriptor.method);
        let call = ForwardedCall {
            request: request.map(Body::new),
            deadline: bounds.deadline,
            catch: Catch::logged(UserCode::Service, descriptor.method),
            forward: Box::new(forward),
        };
        let response = run(self.layer.chain.clone(), call, descriptor, bounds.clone());
        Box::pin(async move { Ok(bounds.hold(pin!(Some(response))).await.into()) })
    }
}

/// Forwards a request to the service inside.
type Forward =
    Box<dyn FnOnce(http::Request<Body>) -> BoxFuture<'static, Result<http::Response<Body>, BoxError>> + Send>;

async fn run(
    interceptors: Chain,
    mut call: ForwardedCall,
    descriptor: CallDescriptor,
    bounds: Bounds,
) -> ServerResponse {
    split_binary(call.request.headers_mut());
    let head = server::head_of(&mut call.request, descriptor, bounds.deadline);
    match interceptors.run(head, Arc::new(Mutex::new(Some(call)))).await {
        Ok(mut answer) => {
            let messages = answer.get_mut();
            let on_sent = Watch::of_messages(mem::take(&mut messages.on_sent));
            messages.watch(on_sent);
            server::answer_with(answer, bounds)
        }
        Err(status) => status.into(),
    }
}

/// A call for the service inside, which consumes the requests.
struct ForwardedCall {
    request: http::Request<Body>,
    deadline: Option<Deadline>,
    catch: Catch,
    forward: Forward,
}

impl End for Mutex<Option<ForwardedCall>> {
    fn run(self: Arc<Self>, head: Head) -> BoxFuture<'static, Result<Answer, Status>> {
        let call = self.lock().unwrap_or_else(PoisonError::into_inner).take();
        Box::pin(async move {
            let ForwardedCall { mut request, deadline, catch, forward } = call.ok_or_else(server::ran_before)?;
            let Parts { metadata, extensions, deadline: brought_forward, observers, .. } = head.into_parts();
            let Observers { request: mut on_message, received, .. } = observers;
            *request.headers_mut() = metadata.into_headers();
            *request.extensions_mut() = extensions;
            // Interceptors have used some of the time.
            if let Some(sooner) = brought_forward.into_iter().chain(deadline).min() {
                request.headers_mut().insert(timeout::NAME, timeout::value(sooner.remaining()));
            }
            on_message.extend(received);
            let watches = Watches::from(Watch::of_messages(on_message));
            let response = catch.around(forward(request.map(|body| WatchedBody::around(body, watches)))).await?;
            read(response.map_err(Status::from_error)?)
        })
    }

    fn can_run_again(&self) -> bool {
        self.lock().unwrap_or_else(PoisonError::into_inner).is_some()
    }
}

/// The answer of a response, or the status of a response without messages.
fn read(response: http::Response<Body>) -> Result<Answer, Status> {
    let (mut parts, body) = response.into_parts();
    let messages = match read_status(&parts.headers) {
        Some(Ok(())) => Messages::from_encoded(tokio_stream::empty()),
        Some(Err(status)) => return Err(status),
        None => Messages::handled(Content::Http(body, parts.headers.remove(GRPC_ENCODING), None)),
    };
    split_binary(&mut parts.headers);
    Ok(Response::from_parts(MetadataMap::from_headers(parts.headers), messages, parts.extensions))
}
