//! Metrics, as Prometheus sees them.
#![cfg(all(feature = "metrics", feature = "balance", feature = "serve"))]

#[path = "../support/mod.rs"]
mod support;

mod calls;
mod connections;
mod refused;

use std::future::Future;
use std::time::Duration;

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder, PrometheusRecorder};

/// A recorder of this thread alone.
struct Recorded {
    recorder: &'static PrometheusRecorder,
    _guard: metrics::LocalRecorderGuard<'static>,
}

impl Recorded {
    fn new() -> Self {
        let mut builder = PrometheusBuilder::new();
        for (suffix, buckets) in rgrpc::metrics::BUCKETS {
            builder = builder.set_buckets_for_metric(Matcher::Suffix((*suffix).to_owned()), buckets).unwrap();
        }
        let recorder: &'static PrometheusRecorder = Box::leak(Box::new(builder.build_recorder()));
        Self { recorder, _guard: metrics::set_default_local_recorder(recorder) }
    }

    /// The samples, in order, without the buckets and sums of histograms.
    fn samples(&self) -> Vec<String> {
        let rendered = self.recorder.handle().render();
        let is_wanted = |line: &&str| {
            let name = line.split(['{', ' ']).next().unwrap_or_default();
            !line.is_empty() && !line.starts_with('#') && !name.ends_with("_bucket") && !name.ends_with("_sum")
        };
        let mut lines: Vec<_> = rendered.lines().filter(is_wanted).map(str::to_owned).collect();
        lines.sort();
        lines
    }

    /// The samples of calls that are not zero, of metrics whose names begin with `prefix`, without it, and without what is in `hidden`.
    fn counted(&self, prefix: &str, hidden: &[&str]) -> Vec<String> {
        let samples = self.samples().into_iter().filter(|line| line.contains("grpc_type=")).collect::<Vec<_>>();
        let counted = samples.iter().filter(|line| !line.ends_with(" 0")).filter_map(|line| line.strip_prefix(prefix));
        let hide = |line: &str| hidden.iter().fold(line.to_owned(), |line, hidden| line.replace(hidden, ""));
        counted.map(hide).collect()
    }

    /// The value of the series `name`.
    fn value(&self, series: &str) -> String {
        let samples = self.samples();
        let value = samples.iter().find_map(|line| line.strip_prefix(series)?.strip_prefix(' '));
        value.unwrap_or_else(|| panic!("no {series} in {samples:#?}")).to_owned()
    }

    /// Waits until the series `name` has a value.
    async fn becomes(&self, series: &str, value: &str) {
        let becomes = async {
            while self.value(series) != value {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        let late = |_| panic!("{series} is {}, not {value}", self.value(series));
        soon(becomes).await.unwrap_or_else(late);
    }
}

async fn soon<T>(future: impl Future<Output = T>) -> Result<T, tokio::time::error::Elapsed> {
    tokio::time::timeout(Duration::from_secs(20), future).await
}
