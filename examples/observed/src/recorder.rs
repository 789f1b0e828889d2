//! The exporter that Prometheus asks.

use std::error::Error;
use std::net::{SocketAddr, TcpListener};

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

/// Serves `/metrics` at `address`, with the buckets that the metrics of calls are made for; gives the address, in which a port 0 has
/// become a free one.
pub fn install(address: SocketAddr) -> Result<SocketAddr, Box<dyn Error>> {
    // The exporter does not say which port it was given.
    let address = TcpListener::bind(address)?.local_addr()?;
    let mut builder = PrometheusBuilder::new().with_http_listener(address);
    for (suffix, buckets) in rgrpc::metrics::BUCKETS {
        builder = builder.set_buckets_for_metric(Matcher::Suffix((*suffix).to_owned()), buckets)?;
    }
    builder.install()?;
    Ok(address)
}
