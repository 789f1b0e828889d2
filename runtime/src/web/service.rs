//! Translates between gRPC-Web and gRPC around a service, and passes other requests on.

use std::task::{Context, Poll};

use bytes::Bytes;
use http::header::{ACCESS_CONTROL_EXPOSE_HEADERS, CONTENT_LENGTH, CONTENT_TYPE, ORIGIN};
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, Version};
use http_body::Body as HttpBody;
use tonic::Status;
use tonic::body::Body;
use tower_http::cors::{Cors as CorsService, CorsLayer};
use tower_layer::Layer;
use tower_service::Service;

use super::Cors;
use super::form::Kind;
use super::request::WebRequest;
use super::response::WebResponse;
use crate::grpc::{ContentType, content_type, trailers_only};
use crate::{BoxError, BoxFuture};

/// A tower layer that lets browsers call the services inside; [`layer`](super::layer) makes it.
#[derive(Debug, Clone)]
pub struct WebLayer(CorsLayer);

impl WebLayer {
    pub(crate) fn new(cors: &Cors) -> Self {
        Self(cors.layer())
    }
}

impl<S> Layer<S> for WebLayer {
    type Service = Web<S>;

    fn layer(&self, inner: S) -> Web<S> {
        Web(self.0.layer(Translate(inner)))
    }
}

/// A service that browsers can call too; a [`WebLayer`] makes it.
#[derive(Debug, Clone)]
pub struct Web<S>(CorsService<Translate<S>>);

impl<S, Q, R> Service<Request<Q>> for Web<S>
where
    S: Service<Request<Body>, Response = Response<R>>,
    S::Future: Send + 'static,
    S::Error: 'static,
    Q: HttpBody<Data = Bytes> + Send + 'static,
    Q::Error: Into<BoxError>,
    R: HttpBody<Data = Bytes> + Send + Unpin + 'static,
    R::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, request: Request<Q>) -> Self::Future {
        Box::pin(self.0.call(request.map(Body::new)))
    }
}

/// Whether a browser may have sent `request`: over HTTP/1, with an `Origin`, or as gRPC-Web.
#[cfg(feature = "serve")]
pub(crate) fn is_for_web<B>(request: &Request<B>) -> bool {
    request.version() < Version::HTTP_2
        || request.headers().contains_key(ORIGIN)
        || Kind::of(request.headers()).is_some()
}

/// Translates the requests and responses of a service.
#[derive(Debug, Clone)]
struct Translate<S>(S);

impl<S, R> Service<Request<Body>> for Translate<S>
where
    S: Service<Request<Body>, Response = Response<R>>,
    S::Future: Send + 'static,
    R: HttpBody<Data = Bytes> + Send + Unpin + 'static,
    R::Error: Into<BoxError>,
{
    type Response = Response<Body>;
    type Error = S::Error;
    type Future = BoxFuture<'static, Result<Response<Body>, S::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let has_origin = request.headers().contains_key(ORIGIN);
        let kind = Kind::of(request.headers());
        if kind.is_none() && is_grpc_over_http1(&request) {
            return Box::pin(async { Ok(needs_http2()) });
        }
        let request = match &kind {
            None => request,
            Some(kind) => {
                // Wrong after decoding base64.
                request.headers_mut().remove(CONTENT_LENGTH);
                request.headers_mut().insert(CONTENT_TYPE, kind.grpc.clone());
                request.map(|body| Body::new(WebRequest::new(body, kind.request)))
            }
        };
        let response = self.0.call(request);
        Box::pin(async move {
            let mut response = match (response.await?, kind) {
                (response, None) => response.map(Body::new),
                (mut response, Some(Kind { response: form, .. })) => {
                    response.headers_mut().remove(CONTENT_LENGTH);
                    response.headers_mut().insert(CONTENT_TYPE, form.content_type());
                    response.map(|body| Body::new(WebResponse::new(body, form)))
                }
            };
            if has_origin {
                expose_all(response.headers_mut());
            }
            Ok(response)
        })
    }
}

fn is_grpc_over_http1<B>(request: &Request<B>) -> bool {
    request.version() < Version::HTTP_2 && content_type(request.headers()) == ContentType::Grpc
}

fn needs_http2() -> Response<Body> {
    let mut response = trailers_only(&Status::internal("gRPC needs HTTP/2; use gRPC-Web over HTTP/1.1"));
    *response.status_mut() = StatusCode::HTTP_VERSION_NOT_SUPPORTED;
    response
}

/// Lets a page read all `headers`. `*` would not, in a response to a request with credentials.
fn expose_all(headers: &mut HeaderMap) {
    let names: Vec<_> = headers.keys().map(http::HeaderName::as_str).collect();
    if let Ok(names) = HeaderValue::try_from(names.join(", ")) {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, names);
    }
}
