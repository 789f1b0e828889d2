//! Answers the calls of a connection. gRPC-Web is outermost, so that a browser learns in its own protocol how a call ended.

use std::convert::Infallible;
use std::sync::Arc;
#[cfg(feature = "web")]
use std::task::{Context, Poll};

use http::{Request, Response};
use hyper::body;
use tonic::Status;
use tonic::body::Body;
#[cfg(feature = "web")]
use tower_layer::Layer;
#[cfg(feature = "web")]
use tower_service::Service;

use super::bounded_call::{BoundedBody, BoundedCall, CallBounds};
use super::closing::{Closing, EndSignal};
use super::fair_share::Supply;
use super::in_flight::InFlight;
use super::incoming::InsertConnectInfo;
use super::limits::Limits;
use super::routes::{PendingResponse, Routes};
use super::unread::{Backpressure, Unread};
use crate::Transport;
#[cfg(feature = "web")]
use crate::web::{WebLayer, is_for_web};

const TOO_MANY: &str = "the server has too many running calls";

/// The state that all connections of a server share.
pub(super) struct ServerState {
    pub(super) routes: Routes,
    /// The routes inside of the tower layers, if there are any.
    pub(super) layered: Option<Transport>,
    pub(super) limits: Limits,
    /// The number of calls that may run at a time.
    pub(super) calls: Arc<Supply>,
    /// The bytes of responses that may wait for clients to read them.
    pub(super) unread: Arc<Supply>,
    #[cfg(feature = "_tls")]
    pub(super) tls: Option<crate::tls::Acceptor>,
    #[cfg(feature = "web")]
    pub(super) web: Option<WebLayer>,
}

/// The calls of one connection.
#[derive(Clone)]
pub(super) struct Calls {
    pub(super) shared: Arc<ServerState>,
    pub(super) closing: Arc<Closing>,
    pub(super) insert_connect_info: InsertConnectInfo,
    pub(super) in_flight: InFlight,
    pub(super) unread: Arc<Unread>,
}

impl Calls {
    pub(super) fn answer(&self, request: Request<Body>) -> BoundedCall {
        let Some(in_flight) = self.in_flight.begin() else {
            let status = Status::resource_exhausted(TOO_MANY);
            return BoundedCall::unbounded(self.shared.routes.refuse(request, status));
        };
        let end_signal = EndSignal::new(self.closing.clone(), request.uri().path());
        let bounds =
            CallBounds { backpressure: Backpressure::new(self.unread.clone()), end_signal, _in_flight: in_flight };
        let response = match &self.shared.layered {
            None => self.shared.routes.answer(request),
            Some(layered) => PendingResponse::by(layered, request),
        };
        BoundedCall::new(response, bounds)
    }
}

impl hyper::service::Service<Request<body::Incoming>> for Calls {
    type Response = Response<BoundedBody>;
    type Error = Infallible;
    type Future = BoundedCall;

    fn call(&self, request: Request<body::Incoming>) -> BoundedCall {
        let mut request = request.map(Body::new);
        (self.insert_connect_info)(request.extensions_mut());
        #[cfg(feature = "web")]
        if let Some(web) = &self.shared.web
            && is_for_web(&request)
        {
            return self.answer_web(web, request);
        }
        self.answer(request)
    }
}

#[cfg(feature = "web")]
impl Calls {
    /// Answers a request that a browser may have sent.
    fn answer_web(&self, web: &WebLayer, request: Request<Body>) -> BoundedCall {
        let path = request.uri().path_and_query().cloned();
        let mut service = web.layer(self.clone());
        BoundedCall::unbounded(PendingResponse::Service(
            Box::pin(async move { Ok(service.call(request).await?) }),
            path,
        ))
    }
}

/// The service inside of gRPC-Web.
#[cfg(feature = "web")]
impl Service<Request<Body>> for Calls {
    type Response = Response<BoundedBody>;
    type Error = Infallible;
    type Future = BoundedCall;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> BoundedCall {
        self.answer(request)
    }
}
