//! Measures unary calls of the same client, over HTTP/2 on 127.0.0.1, to a server of `rgrpc::serve` and to one of tonic.

use std::error::Error;
use std::future::pending;
use std::net::SocketAddr;

use bench::echo::Echo;
use bench::proto::bench::v1::echo_client::EchoClient;
use bench::proto::bench::v1::echo_server::EchoServer;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tonic::transport::{Endpoint, Server};

use super::measure::measure;
use crate::compare::{Goal, Row, alternate};
use crate::report;

pub(crate) fn run(rounds: usize) -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let ours = runtime.block_on(served())?;
    let tonic = runtime.block_on(super::serve(Server::builder().add_service(EchoServer::new(Echo))))?;
    let tonic = EchoClient::new(tonic);
    let rows = [1, 16, 64].map(|in_flight| {
        let work = format!("unary {in_flight}");
        let calls = |client: &EchoClient| [measure(&runtime, client, &work)[0]];
        let [figures] = alternate(rounds, || calls(&ours), || calls(&tonic));
        Row { what: format!("unary, {in_flight} in flight"), unit: "calls/s", goal: Goal::AtLeast(1.05), figures }
    });
    Ok(report::write("serve", &[("tonic", &rows)])?)
}

/// A client of `rgrpc::serve`, over tonic's channel like the other client.
async fn served() -> Result<EchoClient, Box<dyn Error>> {
    let endpoint = Endpoint::try_from(format!("http://{}", listen().await?))?;
    Ok(EchoClient::new(endpoint.connect().await?))
}

/// Serves with `rgrpc::serve` on a free port.
pub(super) async fn listen() -> Result<SocketAddr, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(rgrpc::serve(listener).service(EchoServer::new(Echo)).until(pending()));
    Ok(address)
}
