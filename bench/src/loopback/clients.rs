//! Calls the clients that rgrpc and tonic-prost-build generate in the same way.

use bench::proto::bench::v1::Blob;
use bench::proto::bench::v1::echo_client::EchoClient as RgrpcClient;
use bench::tonic_stubs::echo_client::EchoClient as TonicClient;
use tonic::transport::Channel;

use super::measure::{Client, Failure};

macro_rules! clients {
    ($($client:ty),*) => {$(
        impl Client for $client {
            type Blob = Blob;

            fn blob(id: &str, count: u32, payload: &[u8]) -> Blob {
                Blob { id: id.into(), count, payload: payload.into() }
            }

            async fn once(&mut self, request: &Blob) -> Result<bool, Failure> {
                Ok(Self::once(self, request.clone()).await?.into_inner() == *request)
            }

            async fn download(&mut self, request: &Blob) -> Result<u32, Failure> {
                let mut responses = Self::download(self, request.clone()).await?.into_inner();
                let mut received = 0;
                while let Some(response) = responses.message().await? {
                    received += u32::from(response == *request);
                }
                Ok(received)
            }

            async fn chat(&mut self, requests: Vec<Blob>) -> Result<u32, Failure> {
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

clients!(RgrpcClient, TonicClient<Channel>);
