//! Measures unary calls in process, without a socket: CPU time, allocations and allocated bytes of each call.

use std::error::Error;

use bench::echo::{Echo, sizes};
use bench::proto::bench::v1::Blob;
use bench::proto::bench::v1::echo_client::EchoClient as RgrpcClient;
use bench::proto::bench::v1::echo_server::EchoServer as RgrpcServer;
use bench::tonic_stubs::echo_client::EchoClient as TonicClient;
use bench::tonic_stubs::echo_server::EchoServer as TonicServer;
use tokio::runtime::Builder;
use tonic::{Response, Status};

use crate::compare::{Goal, Row, alternate};
use crate::process::processor_time;
use crate::{interceptors, report, traces};

/// The bytes that are allocated between two readings of the clock, roughly.
const BYTES_PER_BATCH: usize = 40_000_000;

pub(crate) fn run(rounds: usize) -> Result<(), Box<dyn Error>> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let ours = RgrpcClient::new(RgrpcServer::new(Echo));
    let theirs = TonicClient::new(TonicServer::new(Echo));
    let mut rows = Vec::new();
    for (size, message) in sizes() {
        let replies = runtime.block_on(async {
            Ok::<_, Status>([ours.once(message.clone()).await?, theirs.clone().once(message.clone()).await?])
        })?;
        if replies.iter().any(|reply| *reply.get_ref() != message) {
            return Err(format!("a reply is not the request: {size}").into());
        }
        let ours = |requests| runtime.block_on(all(requests, async |request| ours.once(request).await));
        let theirs = |requests| {
            let mut theirs = theirs.clone();
            runtime.block_on(all(requests, async |request| theirs.once(request).await));
        };
        rows.extend(rows_of(size, &message, rounds, &ours, &theirs));
    }
    let interceptors = interceptors::rows(&runtime, rounds);
    let traces = traces::rows(&runtime, rounds);
    let observed = interceptors::observed(&runtime, rounds)?;
    let groups = [
        ("tonic", &rows[..]),
        ("fewer interceptors", &interceptors),
        ("no traces", &traces),
        ("no metrics", &observed),
    ];
    Ok(report::write("call", &groups)?)
}

/// The cost of a call for both sides, each of which makes one call with every message of a list.
fn rows_of(
    size: &str,
    message: &Blob,
    rounds: usize,
    ours: &dyn Fn(Vec<Blob>),
    theirs: &dyn Fn(Vec<Blob>),
) -> [Row; 3] {
    let [time] = alternate(rounds, || [nanoseconds(message, ours)], || [nanoseconds(message, theirs)]);
    let [count, bytes] = alternate(1, || allocations(message, ours), || allocations(message, theirs));
    let (time_goal, bytes_goal) = match size {
        "small" => (Goal::AtMost(0.5), Goal::AtMost(0.1)),
        "200 KB" => (Goal::AtMost(1.0), Goal::AtMost(1.0)),
        _ => (Goal::AtMost(0.5), Goal::None),
    };
    let row = |unit, goal, figures| Row { what: size.to_owned(), unit, goal, figures };
    [
        row("ns", time_goal, time),
        row("allocations", Goal::AtMost(1.0 / 3.0), count),
        row("bytes allocated", bytes_goal, bytes),
    ]
}

#[allow(clippy::cast_precision_loss)]
pub(crate) fn nanoseconds(message: &Blob, call: &dyn Fn(Vec<Blob>)) -> f64 {
    let calls = BYTES_PER_BATCH / (message.payload.len() + 10_000);
    let requests = vec![message.clone(); calls];
    processor_time(|| call(requests)).as_nanos() as f64 / calls as f64
}

#[allow(clippy::cast_precision_loss)]
pub(crate) fn allocations(message: &Blob, call: &dyn Fn(Vec<Blob>)) -> [f64; 2] {
    const CALLS: u16 = 100;
    let requests = vec![message.clone(); CALLS.into()];
    let counted = allocation_counter::measure(|| call(requests));
    [counted.count_total, counted.bytes_total].map(|total| (total as f64 / f64::from(CALLS)).round())
}

pub(crate) async fn all(requests: Vec<Blob>, mut call: impl AsyncFnMut(Blob) -> Result<Response<Blob>, Status>) {
    for request in requests {
        call(request).await.expect("the first call succeeded");
    }
}
