//! Runs a server over HTTP/2 in a pipe, so that all time is tokio's.

use std::future::Future;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use rgrpc::Channel;
use rgrpc::tonic::transport::{Endpoint, Server, Uri};
use tokio::io::DuplexStream;

use super::user_v1::user_service_server::{UserService, UserServiceServer};

/// A channel to `server`, with a connection of its own.
pub fn piped<T: UserService>(server: UserServiceServer<T>) -> Channel {
    Channel::new(Endpoint::from_static("http://pipe").connect_with_connector_lazy(Connect(server)))
}

struct Connect<T: UserService>(UserServiceServer<T>);

impl<T: UserService> tower_service::Service<Uri> for Connect<T> {
    type Response = hyper_util::rt::TokioIo<DuplexStream>;
    type Error = io::Error;
    type Future = Pin<Box<dyn Future<Output = io::Result<Self::Response>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, _: Uri) -> Self::Future {
        let router = Server::builder().add_service(self.0.clone());
        Box::pin(async move {
            let (client, server) = tokio::io::duplex(64 * 1024);
            tokio::spawn(router.serve_with_incoming(tokio_stream::once(Ok::<_, io::Error>(server))));
            Ok(hyper_util::rt::TokioIo::new(client))
        })
    }
}
