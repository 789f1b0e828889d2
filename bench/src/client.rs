//! The generated clients of both sides, called in the same way.

use crate::{
    echo::Echo,
    proto::bench::v1::{Blob, echo_client::EchoClient as RgrpcClient},
    tonic_stubs::{echo_client::EchoClient as TonicClient, echo_server::EchoServer as TonicServer},
};
use std::future::Future;
use tonic::{Status, transport::Channel};

/// A client of the service: the replies, or how many of them were like the request.
pub trait Client: Clone + Send + 'static {
    /// Makes a unary call.
    fn once(&mut self, request: Blob) -> impl Future<Output = Result<Blob, Status>> + Send;

    /// Reads the responses to a call with a stream of responses.
    fn download(&mut self, request: Blob) -> impl Future<Output = Result<u32, Status>> + Send;

    /// Sends all requests and reads all responses.
    fn chat(&mut self, requests: Vec<Blob>) -> impl Future<Output = Result<u32, Status>> + Send;
}

macro_rules! clients {
    ($($client:ty),*) => {$(
        impl Client for $client {
            async fn once(&mut self, request: Blob) -> Result<Blob, Status> {
                Ok(Self::once(self, request).await?.into_inner())
            }

            async fn download(&mut self, request: Blob) -> Result<u32, Status> {
                let mut responses = Self::download(self, request.clone()).await?.into_inner();
                let mut received = 0;
                while let Some(response) = responses.message().await? {
                    received += u32::from(response == request);
                }
                Ok(received)
            }

            async fn chat(&mut self, requests: Vec<Blob>) -> Result<u32, Status> {
                let request = requests.first().cloned().unwrap_or_default();
                let mut responses = Self::chat(self, tokio_stream::iter(requests)).await?.into_inner();
                let mut received = 0;
                while let Some(response) = responses.message().await? {
                    received += u32::from(response == request);
                }
                Ok(received)
            }
        }
    )*};
}

clients!(RgrpcClient, TonicClient<Channel>, TonicClient<TonicServer<Echo>>);
