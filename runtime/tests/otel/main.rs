//! OpenTelemetry metrics. Source: gRFC A66, A96, and the semantic conventions for RPC.
#![cfg(all(feature = "otel", feature = "retry", feature = "transport"))]
#![allow(clippy::float_cmp, reason = "the sums are of whole numbers")]

#[path = "../support/mod.rs"]
mod support;

mod calls;
#[cfg(all(feature = "balance", feature = "serve"))]
mod connections;
mod sent_again;
mod table;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Display;
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::MeterProvider;
use opentelemetry_sdk::metrics::data::{AggregatedMetrics, Metric, MetricData, ResourceMetrics};
use opentelemetry_sdk::metrics::{InMemoryMetricExporter, PeriodicReader, SdkMeterProvider};
use rgrpc::intercept::{Head, Intercept, Next, from_fn};
use rgrpc::{Channel, otel};

use support::user_v1::user_service_server::UserServiceServer;
use support::{Users, loopback_address};

struct Recorded {
    provider: SdkMeterProvider,
    exporter: InMemoryMetricExporter,
}

/// The sum, or count, of an instrument with attributes; and the sum of what was measured.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Point {
    count: u64,
    sum: f64,
}

impl Recorded {
    fn new() -> Self {
        let exporter = InMemoryMetricExporter::default();
        let reader = PeriodicReader::builder(exporter.clone()).with_interval(Duration::from_secs(3600)).build();
        Self { provider: SdkMeterProvider::builder().with_reader(reader).build(), exporter }
    }

    fn metrics<T>(&self, read: impl Fn(&Metric) -> T) -> Vec<T> {
        self.exporter.reset();
        self.provider.force_flush().unwrap();
        let exported = self.exporter.get_finished_metrics().unwrap();
        let scopes = exported.iter().flat_map(ResourceMetrics::scope_metrics);
        scopes.flat_map(|scope| scope.metrics().map(&read).collect::<Vec<_>>()).collect()
    }

    /// Everything recorded, by instrument and attributes.
    fn points(&self) -> BTreeMap<String, Point> {
        self.metrics(points).into_iter().flatten().collect()
    }

    /// Waits until so many calls of servers have ended.
    async fn served(&self, calls: u64) -> BTreeMap<String, Point> {
        for _ in 0..1000 {
            let points = self.points();
            let ended = points.iter().filter(|(name, _)| name.starts_with("grpc.server.call.duration"));
            if ended.map(|(_, point)| point.count).sum::<u64>() >= calls {
                return points;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{:#?}", self.points())
    }
}

fn points(metric: &Metric) -> Vec<(String, Point)> {
    fn of<T: Copy + Display>(name: &str, data: &MetricData<T>) -> Vec<(String, Point)> {
        let number = |value: T| value.to_string().parse::<f64>().unwrap();
        let named = |attributes: &mut dyn Iterator<Item = &KeyValue>| {
            let attributes: BTreeSet<_> = attributes.map(|pair| format!("{}={}", pair.key, pair.value)).collect();
            format!("{name} {}", attributes.into_iter().collect::<Vec<_>>().join(" "))
        };
        match data {
            MetricData::Sum(sum) => sum
                .data_points()
                .map(|point| (named(&mut point.attributes()), Point { count: 1, sum: number(point.value()) }))
                .collect(),
            MetricData::Histogram(histogram) => histogram
                .data_points()
                .map(|point| (named(&mut point.attributes()), Point { count: point.count(), sum: number(point.sum()) }))
                .collect(),
            _ => panic!("{name} is neither a sum nor a histogram"),
        }
    }
    match metric.data() {
        AggregatedMetrics::F64(data) => of(metric.name(), data),
        AggregatedMetrics::U64(data) => of(metric.name(), data),
        AggregatedMetrics::I64(data) => of(metric.name(), data),
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Socket,
    InProcess,
}

const WAYS: [Way; 2] = [Way::Socket, Way::InProcess];

type Configure = fn(UserServiceServer<Users>) -> UserServiceServer<Users>;

/// A channel to a server of which both sides are recorded, and its target.
async fn recorded(way: Way, recorded: &Recorded, configure: Configure, inside: impl Intercept) -> (Channel, String) {
    let meter = recorded.provider.meter("rgrpc");
    let (users, events) = Users::new();
    drop(events);
    let server = configure(UserServiceServer::new(users)).intercept(otel::server(&meter)).intercept(inside);
    let (channel, target) = match way {
        Way::Socket => {
            let address = loopback_address(server).await;
            (Channel::connect(address.clone()).await.unwrap(), address)
        }
        Way::InProcess => (Channel::new(server), "inproc:".to_owned()),
    };
    (channel.intercept(otel::client(&meter)), target)
}

fn nothing() -> impl Intercept {
    from_fn(|head: Head, next: Next| next.run(head))
}
