//! The other side of a call.

use std::net::SocketAddr;

use tonic::Extensions;
#[cfg(feature = "_server")]
use tonic::transport::server::TcpConnectInfo;
#[cfg(all(feature = "_tls", feature = "_server"))]
use tonic::transport::server::TlsConnectInfo;
#[cfg(all(feature = "_server", unix))]
use tonic::transport::server::UdsConnectInfo;

/// The other side of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Peer {
    /// The other side is in the same process, without a connection.
    InProcess,
    /// The other side of a TCP connection, with TLS or without.
    Tcp(SocketAddr),
    /// The other side of a Unix domain socket. tonic's `UdsConnectInfo` in the extensions has its credentials.
    Unix,
}

impl Peer {
    /// The client of a request, from the extensions that servers set; `None` if they are missing.
    #[must_use]
    pub fn of(extensions: &Extensions) -> Option<Self> {
        #[cfg(feature = "_server")]
        {
            if let Some(tcp) = connected::<TcpConnectInfo>(extensions) {
                return tcp.remote_addr().map(Self::Tcp);
            }
            #[cfg(unix)]
            if connected::<UdsConnectInfo>(extensions).is_some() {
                return Some(Self::Unix);
            }
        }
        let _ = extensions;
        None
    }
}

/// The connection info `C` of a request, with TLS or without.
#[cfg(feature = "_server")]
fn connected<C: Send + Sync + 'static>(extensions: &Extensions) -> Option<&C> {
    let plain = extensions.get::<C>();
    #[cfg(feature = "_tls")]
    let plain = plain.or_else(|| Some(extensions.get::<TlsConnectInfo<C>>()?.get_ref()));
    plain
}
