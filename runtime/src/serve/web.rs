//! Has browsers make the calls of a connection: gRPC-Web around each of them, so that what ends a call ends it as gRPC-Web does.

use super::{
    Serve,
    connection::Calls,
    ending::{BoundedBody, BoundedCall},
    routes::Answering,
};
use crate::web::{self, Cors, WebLayer};
use http::{Request, Response};
use std::{
    convert::Infallible,
    task::{Context, Poll},
};
use tonic::body::Body;
use tower_layer::Layer;
use tower_service::Service;

impl Serve {
    /// Serves browsers too, by gRPC-Web over HTTP/1.1 and HTTP/2: pages of the origins that `cors` names. See [`web`](crate::web).
    ///
    /// Other requests over HTTP/1.1 are answered by a status of HTTP; gRPC itself needs HTTP/2 as before. [Layers](Serve::layer) are inside of
    /// this, and see calls of gRPC.
    ///
    /// ```no_run
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::user_service_server::{UserService, UserServiceServer};
    /// use rgrpc::web::Cors;
    ///
    /// # async fn example(users: impl UserService) -> Result<(), Box<dyn std::error::Error>> {
    /// let cors = Cors::origins(["https://app.example"])?;
    /// rgrpc::serve("[::]:50051").service(UserServiceServer::new(users)).web(cors).until_signal().await?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn web(mut self, cors: Cors) -> Self {
        self.web = Some(web::layer(cors));
        self
    }
}

/// Answers what a browser may have sent.
pub(super) fn answer(web: &WebLayer, calls: &Calls, request: Request<Body>) -> BoundedCall {
    let mut service = web.layer(calls.clone());
    BoundedCall::unbounded(Answering::Service(Box::pin(async move { Ok(service.call(request).await?) })))
}

/// The service inside gRPC-Web.
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
