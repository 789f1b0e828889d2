//! Takes a host; gives its addresses, by the system's resolver.

use crate::BoxError;
use std::net::SocketAddr;

pub(crate) async fn lookup(host: &str, port: u16) -> Result<Vec<SocketAddr>, BoxError> {
    let addresses = tokio::net::lookup_host((host, port)).await;
    Ok(addresses.map_err(|error| format!("`{host}` cannot be resolved: {error}"))?.collect())
}
