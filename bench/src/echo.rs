//! The service that both sides implement in the same way, and its messages in three sizes.

use std::pin::Pin;

use rgrpc::{Request, Response, ServerStream, Status};
use tokio_stream::Stream;

use crate::proto::bench::v1::Blob;
use crate::proto::bench::v1::echo_server::Echo as RgrpcEcho;
use crate::tonic_stubs::echo_server::Echo as TonicEcho;

/// The service, for both sides.
#[derive(Debug, Clone, Copy)]
pub struct Echo;

/// Messages of a few bytes, of 1.4 KB and of 200 KB, with their names.
#[must_use]
pub fn sizes() -> [(&'static str, Blob); 3] {
    [("small", blob(0)), ("1.4 KB", blob(1_400)), ("200 KB", blob(200_000))]
}

/// A message with `len` bytes of payload.
#[must_use]
pub fn blob(len: usize) -> Blob {
    Blob { id: "7".into(), count: 1, payload: vec![b'x'; len] }
}

fn copies(blob: Blob) -> impl ServerStream<Blob> {
    let count = blob.count as usize;
    tokio_stream::iter(std::iter::repeat_n(blob, count).map(Ok))
}

impl RgrpcEcho for Echo {
    async fn once(&self, request: Request<Blob>) -> Result<Response<Blob>, Status> {
        Ok(Response::new(request.into_inner()))
    }

    async fn download(&self, request: Request<Blob>) -> Result<Response<impl ServerStream<Blob>>, Status> {
        Ok(Response::new(copies(request.into_inner())))
    }

    async fn chat(
        &self,
        request: Request<rgrpc::Streaming<Blob>>,
    ) -> Result<Response<impl ServerStream<Blob>>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}

#[tonic::async_trait]
impl TonicEcho for Echo {
    type DownloadStream = Pin<Box<dyn Stream<Item = Result<Blob, Status>> + Send>>;
    type ChatStream = tonic::Streaming<Blob>;

    async fn once(&self, request: Request<Blob>) -> Result<Response<Blob>, Status> {
        Ok(Response::new(request.into_inner()))
    }

    async fn download(&self, request: Request<Blob>) -> Result<Response<Self::DownloadStream>, Status> {
        Ok(Response::new(Box::pin(copies(request.into_inner()))))
    }

    async fn chat(&self, request: Request<tonic::Streaming<Blob>>) -> Result<Response<Self::ChatStream>, Status> {
        Ok(Response::new(request.into_inner()))
    }
}
