//! The exporter that Prometheus asks.

use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder};
use std::net::SocketAddr;

/// Serves `/metrics` at `address`, with the buckets that the metrics of calls are made for.
pub fn install(address: SocketAddr) -> Result<(), BuildError> {
    let mut builder = PrometheusBuilder::new().with_http_listener(address);
    for (suffix, buckets) in rgrpc::metrics::BUCKETS {
        builder = builder.set_buckets_for_metric(Matcher::Suffix((*suffix).to_owned()), buckets)?;
    }
    builder.install()
}
