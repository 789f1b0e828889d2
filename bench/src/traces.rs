//! Measures the cost of traces for a unary call in process: without a subscriber, with a registry, and with OpenTelemetry.

use bench::echo::{Echo, sizes};
use bench::proto::bench::v1::echo_client::EchoClient;
use bench::proto::bench::v1::echo_server::EchoServer;
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use rgrpc::{Channel, traces};
use tokio::runtime::Runtime;
use tracing::Dispatch;
use tracing::dispatcher::with_default;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;

use crate::call::{all, allocations, nanoseconds};
use crate::compare::{Goal, Row, alternate};

/// An exporter that discards spans.
#[derive(Debug)]
struct Forget;

impl SpanExporter for Forget {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

pub(crate) fn rows(runtime: &Runtime, rounds: usize) -> Vec<Row> {
    let provider = SdkTracerProvider::builder().with_simple_exporter(Forget).build();
    let layer = || {
        tracing_opentelemetry::layer().with_tracer(provider.tracer("bench")).with_location(false).with_threads(false)
    };
    let subscribers = [
        ("nobody listens", Dispatch::none()),
        ("a registry", Dispatch::new(registry().with(LevelFilter::INFO))),
        ("OpenTelemetry", Dispatch::new(registry().with(LevelFilter::INFO).with(layer()))),
    ];
    let plain = EchoClient::new(EchoServer::new(Echo));
    let server = || EchoServer::new(Echo).intercept(traces::server());
    let sides = [
        ("on the server", EchoClient::new(server())),
        ("on both sides", EchoClient::new(Channel::new(server()).intercept(traces::client()))),
    ];
    let mut rows = Vec::new();
    for (listener, subscriber) in &subscribers {
        for (side, traced) in &sides {
            let what = format!("traces {side}, {listener}");
            rows.extend(with_default(subscriber, || compare(runtime, rounds, &what, traced, &plain)));
        }
    }
    rows
}

/// The cost of a small call with either client.
fn compare(runtime: &Runtime, rounds: usize, what: &str, traced: &EchoClient, plain: &EchoClient) -> [Row; 2] {
    let (_, message) = sizes().into_iter().next().expect("there is a small message");
    let call = |client: &EchoClient| {
        let client = client.clone();
        move |requests| runtime.block_on(all(requests, async |request| client.once(request).await))
    };
    let (traced, plain) = (call(traced), call(plain));
    let [time] = alternate(rounds, || [nanoseconds(&message, &traced)], || [nanoseconds(&message, &plain)]);
    let [counted, _] = alternate(1, || allocations(&message, &traced), || allocations(&message, &plain));
    let row = |unit, goal, figures| Row { what: what.to_owned(), unit, goal, figures };
    [row("ns", Goal::AtMostMore(1000.0), time), row("allocations", Goal::None, counted)]
}
