//! The services that both sides implement in the same way, and the messages of the first in three sizes.

use std::pin::Pin;

use rgrpc::{Request, Response, ServerStream, Status};
use tokio_stream::Stream;

use crate::proto::bench::v1::Blob;
use crate::proto::bench::v1::echo_server::Echo as RgrpcEcho;
use crate::proto::bench::v1::resize_server::Resize as RgrpcResize;
use crate::tonic_stubs::echo_server::Echo as TonicEcho;
use crate::tonic_stubs::resize_server::Resize as TonicResize;

/// The service that answers with its requests, for both sides.
#[derive(Debug, Clone, Copy)]
pub struct Echo;

/// The service that answers with as much as it is asked for, for both sides.
#[derive(Debug, Clone, Copy)]
pub struct Resize;

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

impl RgrpcResize for Resize {
    async fn resize(&self, request: Request<Blob>) -> Result<Response<Blob>, Status> {
        Ok(Response::new(blob(request.get_ref().count as usize)))
    }
}

#[tonic::async_trait]
impl TonicResize for Resize {
    async fn resize(&self, request: Request<Blob>) -> Result<Response<Blob>, Status> {
        Ok(Response::new(blob(request.get_ref().count as usize)))
    }
}
