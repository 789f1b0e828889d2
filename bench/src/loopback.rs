//! Calls over HTTP/2 on 127.0.0.1, server and client in one process: unary calls with 1, 16 and 64 in flight, and messages of streams.

use crate::{
    compare::{Goal, Row, alternate},
    report,
};
use bench::{
    client::Client,
    echo::{Echo, blob},
    proto::bench::v1::{Blob, echo_client::EchoClient as RgrpcClient, echo_server::EchoServer as RgrpcServer},
    tonic_stubs::{echo_client::EchoClient as TonicClient, echo_server::EchoServer as TonicServer},
};
use std::{
    error::Error,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpListener,
    runtime::{Builder, Runtime},
    task::JoinSet,
};
use tonic::transport::{
    Channel, Endpoint, Server,
    server::{Router, TcpIncoming},
};

const CALLS: u32 = 4_000;
const MESSAGES: u32 = 20_000;
/// The bytes of payload of each message.
const PAYLOAD: usize = 10;

pub(crate) fn run(rounds: usize) -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_multi_thread().enable_all().build()?;
    let ours = runtime.block_on(connect(Server::builder().add_service(RgrpcServer::new(Echo))))?;
    let theirs = runtime.block_on(connect(Server::builder().add_service(TonicServer::new(Echo))))?;
    let (ours, theirs) = (RgrpcClient::new(ours), TonicClient::new(theirs));

    let mut rows = Vec::new();
    for in_flight in [1, 16, 64] {
        let figures = alternate(rounds, || unary(&runtime, &ours, in_flight), || unary(&runtime, &theirs, in_flight));
        let whats = [
            ("calls/s", Goal::AtLeast(1.0)),
            ("us at the median", Goal::AtMost(1.0)),
            ("us at the 99th percentile", Goal::AtMost(1.0)),
        ];
        rows.extend(whats.into_iter().zip(figures).map(|((unit, goal), figures)| {
            let what = format!("unary, {in_flight} in flight");
            Row { what, unit, goal, figures }
        }));
    }
    let mut stream = |what: &str, figures| {
        rows.push(Row { what: what.into(), unit: "messages/s", goal: Goal::AtLeast(1.0), figures });
    };
    let [figures] = alternate(rounds, || [download(&runtime, &ours)], || [download(&runtime, &theirs)]);
    stream("server streaming", figures);
    let [figures] = alternate(rounds, || [chat(&runtime, &ours)], || [chat(&runtime, &theirs)]);
    stream("bidi streaming", figures);
    Ok(report::write("loopback", &rows)?)
}

/// Serves on a free port, and connects to it.
async fn connect(router: Router) -> Result<Channel, Box<dyn Error>> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = Endpoint::try_from(format!("http://{}", listener.local_addr()?))?;
    tokio::spawn(router.serve_with_incoming(TcpIncoming::from(listener).with_nodelay(Some(true))));
    Ok(endpoint.connect().await?)
}

/// Calls by so many tasks: per second, and the median and the 99th percentile of their times in microseconds.
fn unary(runtime: &Runtime, client: &impl Client, in_flight: u32) -> [f64; 3] {
    let start = Instant::now();
    let times = runtime.block_on(async {
        let tasks: JoinSet<_> = (0..in_flight).map(|_| in_turn(client.clone(), CALLS / in_flight)).collect();
        tasks.join_all().await
    });
    let elapsed = start.elapsed();
    let mut times: Vec<_> = times.into_iter().flatten().collect();
    times.sort_unstable();
    let at = |hundredth: usize| times[(times.len() - 1) * hundredth / 100].as_secs_f64() * 1e6;
    [rate(CALLS, elapsed), at(50), at(99)]
}

/// The times of calls that are made one after another.
async fn in_turn(mut client: impl Client, calls: u32) -> Vec<Duration> {
    let request = blob(PAYLOAD);
    let mut times = Vec::new();
    for _ in 0..calls {
        let start = Instant::now();
        let reply = client.once(request.clone()).await;
        times.push(start.elapsed());
        assert_eq!(reply.expect("the server is up"), request);
    }
    times
}

/// Messages per second of one stream of responses.
fn download(runtime: &Runtime, client: &impl Client) -> f64 {
    let request = Blob { count: MESSAGES, ..blob(PAYLOAD) };
    let start = Instant::now();
    let received = runtime.block_on(client.clone().download(request));
    rate(all(received.expect("the server is up")), start.elapsed())
}

/// Messages per second, in each direction, of one pair of streams.
fn chat(runtime: &Runtime, client: &impl Client) -> f64 {
    let requests = vec![blob(PAYLOAD); MESSAGES as usize];
    let start = Instant::now();
    let received = runtime.block_on(client.clone().chat(requests));
    rate(all(received.expect("the server is up")), start.elapsed())
}

fn all(received: u32) -> u32 {
    assert_eq!(received, MESSAGES, "every message arrives as it was sent");
    received
}

fn rate(count: u32, elapsed: Duration) -> f64 {
    f64::from(count) / elapsed.as_secs_f64()
}
