//! Calls connectrpc's generated client as `bench/src/loopback/clients.rs` calls the others; responses are read without a copy.

use connectrpc::client::SharedHttp2Connection;

use crate::measure::{Client, Failure};
use crate::proto::bench::v1::{Blob, BlobView, EchoClient};

impl Client for EchoClient<SharedHttp2Connection> {
    type Blob = Blob;

    fn blob(id: &str, count: u32, payload: &[u8]) -> Blob {
        Blob { id: id.into(), count, payload: payload.into(), ..Blob::default() }
    }

    async fn once(&mut self, request: &Blob) -> Result<bool, Failure> {
        Ok(is_same(Self::once(self, request.clone()).await?.view(), request))
    }

    async fn download(&mut self, request: &Blob) -> Result<u32, Failure> {
        let mut responses = Self::download(self, request.clone()).await?;
        let mut received = 0;
        while let Some(response) = responses.message().await? {
            received += u32::from(is_same(response.view(), request));
        }
        Ok(received)
    }

    async fn chat(&mut self, requests: Vec<Blob>) -> Result<u32, Failure> {
        let request = requests.first().cloned().unwrap_or_default();
        let (mut send, mut responses) = Self::chat(self).await?.into_split();
        let sending = tokio::spawn(async move {
            for request in requests {
                send.send(request).await?;
            }
            Ok::<_, Failure>(())
        });
        let mut received = 0;
        while let Some(response) = responses.message().await? {
            received += u32::from(is_same(response.view(), &request));
        }
        sending.await??;
        Ok(received)
    }
}

fn is_same(reply: &BlobView, request: &Blob) -> bool {
    (reply.id, reply.count, reply.payload) == (&*request.id, request.count, &*request.payload)
}
