//! Measures the cost of interceptors for a unary call in process, on either side, compared with none and with fewer.

use bench::echo::{Echo, sizes};
use bench::proto::bench::v1::echo_client::EchoClient;
use bench::proto::bench::v1::echo_server::EchoServer;
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};
use rgrpc::intercept::{Answer, Head, Intercept, Next};
use rgrpc::{Channel, Status, metrics, traces};
use tokio::runtime::Runtime;
use tracing::Dispatch;
use tracing::dispatcher::with_default;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use crate::call::{all, allocations, nanoseconds};
use crate::compare::{Goal, Row, alternate};

/// An interceptor that does nothing.
struct Pass;

impl Intercept for Pass {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        next.run(head).await
    }
}

pub(crate) fn rows(runtime: &Runtime, rounds: usize) -> Vec<Row> {
    let client = |count| {
        let channel = Channel::new(EchoServer::new(Echo));
        EchoClient::new((0..count).fold(channel, |channel, _| channel.intercept(Pass)))
    };
    let server = |count| EchoClient::new((0..count).fold(EchoServer::new(Echo), |server, _| server.intercept(Pass)));
    // The first interceptor takes a call off the fast path, and each further one adds an allocation.
    let steps = [(1, 0, 500.0, 4.0), (2, 1, 60.0, 1.0), (4, 1, 180.0, 3.0)];
    let sides: [(&str, &dyn Fn(usize) -> EchoClient); 2] = [("client", &client), ("server", &server)];
    let cases = sides.into_iter().flat_map(|side| steps.map(|step| (side, step)));
    cases
        .flat_map(|((side, make), (more, fewer, ns, count))| {
            let what = format!("{more} on the {side} against {fewer}");
            compare(runtime, rounds, &what, &make(more), &make(fewer), [ns, count])
        })
        .collect()
}

/// The cost of metrics on either side, with Prometheus's recorder, which is not scraped meanwhile, and of traces in addition.
pub(crate) fn observed(runtime: &Runtime, rounds: usize) -> Result<Vec<Row>, BuildError> {
    let mut prometheus = PrometheusBuilder::new();
    for (suffix, buckets) in metrics::BUCKETS {
        prometheus = prometheus.set_buckets_for_metric(Matcher::Suffix((*suffix).to_owned()), buckets)?;
    }
    let prometheus = prometheus.install_recorder()?;
    let plain = || Channel::new(EchoServer::new(Echo));
    let server = || EchoServer::new(Echo).intercept(metrics::server());
    let both = server().intercept(traces::server());
    // More than an interceptor: the outcome and its receiver; with traces, the span with its name and peer.
    let cases = [
        ("metrics on the client", plain().intercept(metrics::client()), [500.0, 6.0]),
        ("metrics on the server", Channel::new(server()), [500.0, 6.0]),
        ("metrics and traces on the server", Channel::new(both), [1000.0, 12.0]),
    ];
    let none = EchoClient::new(plain());
    let spans = Dispatch::new(registry().with(LevelFilter::INFO));
    let rows = cases.map(|(what, channel, most)| {
        let client = EchoClient::new(channel);
        let rows = with_default(&spans, || compare(runtime, rounds, what, &client, &none, most));
        // Histograms keep all values until they are scraped.
        prometheus.run_upkeep();
        rows
    });
    Ok(rows.into_iter().flatten().collect())
}

/// The cost of a small call with either client.
fn compare(
    runtime: &Runtime,
    rounds: usize,
    what: &str,
    more: &EchoClient,
    fewer: &EchoClient,
    [ns, count]: [f64; 2],
) -> [Row; 2] {
    let (_, message) = sizes().into_iter().next().expect("there is a small message");
    let call = |client: &EchoClient| {
        let client = client.clone();
        move |requests| runtime.block_on(all(requests, async |request| client.once(request).await))
    };
    let (more, fewer) = (call(more), call(fewer));
    let [time] = alternate(rounds, || [nanoseconds(&message, &more)], || [nanoseconds(&message, &fewer)]);
    let [counted, _] = alternate(1, || allocations(&message, &more), || allocations(&message, &fewer));
    let row = |unit, most, figures| Row { what: what.to_owned(), unit, goal: Goal::AtMostMore(most), figures };
    [row("ns", ns, time), row("allocations", count, counted)]
}
