//! Where a server is, and how to reach it: over TCP, with TLS or without, or a unix socket.

use rgrpc::Channel;
use rgrpc::tls::ClientTls;

use crate::client::Failure;

/// A server to call.
#[derive(Debug, Clone)]
pub struct Target {
    uri: String,
    /// Whom to trust; without TLS, nobody.
    ca: Option<Vec<u8>>,
}

impl Target {
    /// A target as a server prints it: `127.0.0.1:4711`, or `unix:` and a path.
    #[must_use]
    pub fn new(printed: &str, ca: Option<Vec<u8>>) -> Self {
        let scheme = if printed.starts_with("unix:") { "" } else { ca.as_ref().map_or("http://", |_| "https://") };
        Self { uri: format!("{scheme}{printed}"), ca }
    }

    /// A connection of its own.
    ///
    /// # Errors
    /// Fails if the server cannot be reached, or is not trusted.
    pub async fn connect(&self) -> Result<Channel, Failure> {
        let connect = Channel::connect(&self.uri);
        Ok(match &self.ca {
            Some(ca) => connect.tls(ClientTls::new().ca_certificates(ca.clone())).await?,
            None => connect.await?,
        })
    }
}
