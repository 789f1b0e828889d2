//! A server to call, over TCP, with or without TLS, or over a Unix domain socket.

use rgrpc::Channel;
use rgrpc::tls::ClientTls;

use crate::client::Failure;

/// A server to call.
#[derive(Debug, Clone)]
pub struct Target {
    uri: String,
    /// The trusted CA certificates; `None` without TLS.
    ca: Option<Vec<u8>>,
}

impl Target {
    /// Returns the target that a server has printed: `127.0.0.1:4711` or `unix:PATH`.
    #[must_use]
    pub fn new(printed: &str, ca: Option<Vec<u8>>) -> Self {
        let scheme = if printed.starts_with("unix:") { "" } else { ca.as_ref().map_or("http://", |_| "https://") };
        Self { uri: format!("{scheme}{printed}"), ca }
    }

    /// Opens a connection.
    ///
    /// # Errors
    /// Returns an error if the server cannot be reached or is not trusted.
    pub async fn connect(&self) -> Result<Channel, Failure> {
        let connect = Channel::connect(&self.uri);
        Ok(match &self.ca {
            Some(ca) => connect.tls(ClientTls::new().ca_certificates(ca.clone())).await?,
            None => connect.await?,
        })
    }
}
