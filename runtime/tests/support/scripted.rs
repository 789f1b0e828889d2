//! A scripted HTTP/2 client, which can do what no gRPC client would.

use std::net::SocketAddr;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest, handshake};
use h2::{RecvStream, SendStream};
use tokio::net::TcpStream;
use tokio::task::JoinHandle;

pub struct Scripted {
    requests: SendRequest<Bytes>,
    /// The connection, which is lost when this is aborted.
    connection: JoinHandle<()>,
}

impl Scripted {
    pub async fn connect(address: &str) -> Self {
        let address: SocketAddr = address.trim_start_matches("http://").parse().unwrap();
        let (requests, connection) = handshake(TcpStream::connect(address).await.unwrap()).await.unwrap();
        let connection = tokio::spawn(async {
            let _ = connection.await;
        });
        Self { requests, connection }
    }

    /// Begins a call, and says nothing yet.
    pub async fn begin(&mut self, path: &str) -> (ResponseFuture, SendStream<Bytes>) {
        self.begin_by(http::Request::post(format!("http://test{path}"))).await
    }

    /// Begins a call with this head.
    pub async fn begin_by(&mut self, request: http::request::Builder) -> (ResponseFuture, SendStream<Bytes>) {
        let request = request.header("content-type", "application/grpc");
        let mut requests = self.requests.clone().ready().await.unwrap();
        requests.send_request(request.body(()).unwrap(), false).unwrap()
    }

    /// Has the connection end without a word.
    pub fn vanish(self) {
        self.connection.abort();
    }
}

/// The headers, the data and the trailers of a response.
pub async fn collect(response: ResponseFuture) -> Result<(http::HeaderMap, Vec<u8>, http::HeaderMap), h2::Error> {
    let (head, mut body): (_, RecvStream) = response.await?.into_parts();
    let mut data = vec![];
    while let Some(piece) = body.data().await {
        data.extend_from_slice(&piece?);
    }
    Ok((head.headers, data, body.trailers().await?.unwrap_or_default()))
}
