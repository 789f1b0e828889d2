//! Resolves a host with the system resolver.

use std::io;
use std::net::SocketAddr;

pub(crate) async fn lookup(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let explain = |error: io::Error| io::Error::new(error.kind(), format!("`{host}` cannot be resolved: {error}"));
    Ok(tokio::net::lookup_host((host, port)).await.map_err(explain)?.collect())
}
