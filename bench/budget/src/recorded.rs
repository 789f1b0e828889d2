//! Sets up recorders of metrics and spans, and gives them the events of a call without making it, to count their own cost.

use std::time::Duration;

use metrics::{counter, gauge, histogram};
use metrics_exporter_prometheus::PrometheusBuilder;
use opentelemetry::KeyValue;
use opentelemetry::metrics::{Meter, MeterProvider};
use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::metrics::data::ResourceMetrics;
use opentelemetry_sdk::metrics::exporter::PushMetricExporter;
use opentelemetry_sdk::metrics::{SdkMeterProvider, Temporality};
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use rgrpc::metrics::{BYTES_BUCKETS, SECONDS_BUCKETS};
use tracing::field::Empty;
use tracing::info_span;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry;
use tracing_subscriber::util::SubscriberInitExt;

use crate::calls::Outcome;

/// Prometheus's recorder, which is never scraped.
pub(crate) fn prometheus() -> Outcome {
    PrometheusBuilder::new().install_recorder()?;
    Ok(())
}

/// A registry, which keeps spans but does not export them.
pub(crate) fn spans() -> Outcome {
    Ok(registry().with(LevelFilter::INFO).try_init()?)
}

/// An exporter that discards spans and metrics.
#[derive(Debug)]
struct Forget;

impl PushMetricExporter for Forget {
    async fn export(&self, _: &ResourceMetrics) -> OTelSdkResult {
        Ok(())
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }

    fn temporality(&self) -> Temporality {
        Temporality::Cumulative
    }
}

impl SpanExporter for Forget {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

/// A registry with OpenTelemetry's layer, whose spans are exported one by one.
pub(crate) fn exported() -> Outcome {
    let provider = SdkTracerProvider::builder().with_simple_exporter(Forget).build();
    let layer = tracing_opentelemetry::layer().with_tracer(provider.tracer("budget"));
    let layer = layer.with_location(false).with_threads(false);
    Ok(registry().with(LevelFilter::INFO).with(layer).try_init()?)
}

/// A meter of OpenTelemetry's SDK, which exports once a minute.
pub(crate) fn meter() -> Meter {
    SdkMeterProvider::builder().with_periodic_exporter(Forget).build().meter("budget")
}

/// Records the events of a call in `case`, `times` times.
pub(crate) fn bare(case: &str, times: u32) -> Outcome {
    match case {
        "a recorder, bare" => {
            prometheus()?;
            let counters = ["started", "handled", "received", "sent"].map(|name| counter!(name, "method" => "a"));
            let active = gauge!("active", "method" => "a");
            let histograms = ["received_bytes", "sent_bytes", "seconds"].map(|name| histogram!(name, "method" => "a"));
            for _ in 0..times {
                for counter in &counters {
                    counter.increment(1);
                }
                active.increment(1);
                for histogram in &histograms {
                    histogram.record(3.0);
                }
                active.decrement(1);
            }
        }
        "a registry, bare" => spans().map(|()| (0..times).for_each(|_| span()))?,
        "spans exported, bare" => exported().map(|()| (0..times).for_each(|_| span()))?,
        "OpenTelemetry's instruments, bare" => {
            let meter = meter();
            let started = meter.u64_counter("started").build();
            let sizes = ["sent", "received"].map(|name| meter.u64_histogram(name).build());
            let seconds = meter.f64_histogram("seconds").with_boundaries(SECONDS_BUCKETS.to_vec()).build();
            let rpc = meter.f64_histogram("rpc").with_boundaries(BYTES_BUCKETS.to_vec()).build();
            let method = || KeyValue::new("grpc.method", "user.v1.UserService/GetUser");
            for _ in 0..times {
                started.add(1, &[method()]);
                let attributes = [method(), KeyValue::new("grpc.status", "OK")];
                for size in &sizes {
                    size.record(3, &attributes);
                }
                seconds.record(0.001, &attributes);
                let system = KeyValue::new("rpc.system.name", "grpc");
                rpc.record(0.001, &[system, method(), KeyValue::new("rpc.response.status_code", "OK")]);
            }
        }
        _ => return Err(format!("no such case: {case}").into()),
    }
    Ok(())
}

/// The span of a server's call, with its final fields, entered as often as in a call.
fn span() {
    let span = info_span!(
        parent: None,
        "rpc.server",
        otel.name = "user.v1.UserService/GetUser",
        otel.kind = "server",
        otel.status_code = Empty,
        otel.status_description = Empty,
        rpc.system.name = "grpc",
        rpc.method = "user.v1.UserService/GetUser",
        rpc.method_original = Empty,
        rpc.response.status_code = Empty,
        "error.type" = Empty,
        network.peer.address = Empty,
        network.peer.port = Empty,
        trace_id = Empty,
    );
    span.in_scope(|| ());
    span.in_scope(|| ());
    span.record("rpc.response.status_code", "OK");
}
