//! The exporter that Prometheus scrapes.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

/// Serves `/metrics` at `address`, with the histogram buckets that rgrpc recommends. Returns the address, with the actual port in place of 0.
pub fn install(address: SocketAddr) -> Result<SocketAddr, Box<dyn Error>> {
    // The exporter does not report the port that it listens on.
    let address = TcpListener::bind(address)?.local_addr()?;
    let mut builder = PrometheusBuilder::new().with_http_listener(address);
    for (suffix, buckets) in rgrpc::metrics::BUCKETS {
        builder = builder.set_buckets_for_metric(Matcher::Suffix((*suffix).to_owned()), buckets)?;
    }
    builder.install()?;
    Ok(address)
}
