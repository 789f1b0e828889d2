//! Measures calls of connectrpc's stubs with the gRPC protocol over HTTP/2 on 127.0.0.1, server and client in this process. Reads a line per
//! measurement from standard input, and prints a line with its figures.

mod client;
#[path = "../../src/loopback/measure.rs"]
mod measure;
mod service;

use std::io;

// Counts allocations, as the program that measures rgrpc does.
use allocation_counter as _;
use connectrpc::client::{ClientConfig, Http2Connection, SharedHttp2Connection};
use connectrpc::{ConnectRpcService, Protocol, Server};
use tokio::runtime::Builder;

use measure::{Failure, measure};
use proto::bench::v1::{EchoClient, EchoServer};
use service::Service;

/// The code that connectrpc generates.
#[allow(clippy::pedantic, missing_docs, unused_qualifications)]
mod proto {
    connectrpc::include_generated!();
}

/// The limit of requests that wait for the connection, as connectrpc recommends.
const WAITING: usize = 1024;

/// The window of a connection. connectrpc sends each request of a bidirectional stream in a frame of its own, and h2 closes a connection on
/// which the small unread frames exceed half the window. With connectrpc's adaptive windows, such calls fail.
const WINDOW: u32 = 16 << 20;

fn main() -> Result<(), Failure> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let client = runtime.block_on(connect())?;
    for work in io::stdin().lines() {
        let figures = measure(&runtime, &client, &work?);
        println!("{}", figures.iter().map(f64::to_string).collect::<Vec<_>>().join(" "));
    }
    Ok(())
}

/// Serves on a free port, and connects to it; connectrpc sets `TCP_NODELAY` at both ends.
async fn connect() -> Result<EchoClient<SharedHttp2Connection>, Failure> {
    let server = Server::bind("127.0.0.1:0").await?.with_http2_initial_connection_window_size(WINDOW);
    let uri = format!("http://{}", server.local_addr()?);
    tokio::spawn(server.serve_with_service(ConnectRpcService::new(EchoServer::new(Service))));
    let connection = Http2Connection::builder().initial_connection_window_size(WINDOW);
    let connection = connection.connect_plaintext(uri.parse()?).await?;
    Ok(EchoClient::new(connection.shared(WAITING), ClientConfig::new(uri.parse()?).with_protocol(Protocol::Grpc)))
}
