//! Measures calls over HTTP/2 on 127.0.0.1, server and client in one process: unary calls with 1, 16 and 64 in flight, and messages of
//! streams. Compares the stubs of rgrpc, tonic-prost-build and connectrpc, each over its own transports, rgrpc's over tonic's, and h2 alone,
//! which is the upper bound.

mod clients;
mod connect;
pub(crate) mod measure;
mod raw;
pub(crate) mod servers;

use std::error::Error;
use std::net::SocketAddr;

use bench::echo::Echo;
use bench::proto::bench::v1::echo_client::EchoClient as RgrpcClient;
use bench::proto::bench::v1::echo_server::EchoServer as RgrpcServer;
use bench::tonic_stubs::echo_client::EchoClient as TonicClient;
use bench::tonic_stubs::echo_server::EchoServer as TonicServer;
use tokio::net::TcpListener;
use tokio::runtime::Builder;
use tonic::transport::server::{Router, TcpIncoming};
use tonic::transport::{Channel, Endpoint, Server};

use crate::compare::{Goal, Row, alternate};
use crate::report;
use connect::Connect;
use measure::measure;

pub(crate) fn run(rounds: usize) -> Result<(), Box<dyn Error>> {
    let mut connect = Connect::start()?;
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let ours = runtime.block_on(serve(Server::builder().add_service(RgrpcServer::new(Echo))))?;
    let tonic = runtime.block_on(serve(Server::builder().add_service(TonicServer::new(Echo))))?;
    let (over_tonics, tonic) = (RgrpcClient::new(ours), TonicClient::new(tonic));
    let ours = runtime.block_on(own())?;
    let raw = runtime.block_on(raw::connect()).map_err(|error| error.to_string())?;

    let over_tonics = |work: &str| measure(&runtime, &over_tonics, work);
    let ours = |work: &str| measure(&runtime, &ours, work);
    let tonic = |work: &str| measure(&runtime, &tonic, work);
    let mut beside_tonic = rows(rounds, 1.1, ours, tonic);
    beside_tonic.extend(rows(rounds, 1.0, over_tonics, tonic).into_iter().map(over_the_same));
    let connect = rows(rounds, 1.1, ours, |work| connect.measure(work));
    let raw = ceiling(rows(rounds, 1.0, ours, |work| measure(&runtime, &raw, work)));
    Ok(report::write("loopback", &[("tonic", &beside_tonic), ("connectrpc", &connect), ("h2 alone", &raw)])?)
}

/// Serves on a free port, and connects to it.
async fn serve(router: Router) -> Result<Channel, Box<dyn Error>> {
    Ok(Endpoint::try_from(format!("http://{}", listen(router).await?))?.connect().await?)
}

/// A client over rgrpc's own connection to rgrpc's own server.
async fn own() -> Result<RgrpcClient, Box<dyn Error>> {
    let uri = format!("http://{}", servers::listen().await?);
    Ok(RgrpcClient::new(rgrpc::Channel::connect(uri).await?))
}

/// Serves on a free port.
pub(crate) async fn listen(router: Router) -> Result<SocketAddr, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
    Ok(address)
}

/// Measures all kinds of calls with two sides; rgrpc makes `unary` times as many unary calls.
fn rows(
    rounds: usize,
    unary: f64,
    ours: impl Fn(&str) -> Vec<f64>,
    mut theirs: impl FnMut(&str) -> Vec<f64>,
) -> Vec<Row> {
    let mut rows = Vec::new();
    for in_flight in [1, 16, 64] {
        let work = format!("unary {in_flight}");
        let figures = alternate::<3>(rounds, || array(ours(&work)), || array(theirs(&work)));
        let whats = [
            ("calls/s", Goal::AtLeast(unary)),
            ("us at the median", Goal::AtMost(1.0)),
            ("us at the 99th percentile", Goal::AtMost(1.0)),
        ];
        rows.extend(whats.into_iter().zip(figures).map(|((unit, goal), figures)| {
            let what = format!("unary, {in_flight} in flight");
            Row { what, unit, goal, figures }
        }));
    }
    let streams = [
        ("download 10", "server streaming"),
        ("chat 10", "bidi streaming"),
        ("download 1400", "server streaming, 1.4 KB"),
        ("chat 1400", "bidi streaming, 1.4 KB"),
    ];
    for (work, what) in streams {
        let [figures] = alternate(rounds, || array(ours(work)), || array(theirs(work)));
        rows.push(Row { what: what.into(), unit: "messages/s", goal: Goal::AtLeast(1.1), figures });
    }
    rows
}

/// A row of both sides over tonic's transports.
fn over_the_same(mut row: Row) -> Row {
    row.what.insert_str(0, "over tonic's, ");
    row
}

/// Rows without a goal, with one figure for each kind of call.
fn ceiling(rows: Vec<Row>) -> Vec<Row> {
    let rows = rows.into_iter().filter(|row| !row.unit.starts_with("us"));
    rows.map(|row| Row { goal: Goal::None, ..row }).collect()
}

fn array<const N: usize>(figures: Vec<f64>) -> [f64; N] {
    figures.try_into().expect("so many figures are measured")
}
