//! Opens the byte stream to an address: a socket, or by a connector of the user's.

use std::future::Future;
use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::BoxFuture;
use crate::connection::address::Address;

/// Opens byte streams to servers in your own way: through a proxy, a tunnel or memory. `Target::connect_by` takes it.
///
/// TLS, if the channel has any, runs on top of the stream.
pub trait Connector: Send + Sync + 'static {
    /// The byte stream to a server.
    type Io: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// Connects to `address`.
    ///
    /// # Errors
    ///
    /// If the connection fails. The channel tries again after gRPC's connection backoff.
    fn connect(&self, address: &Address) -> impl Future<Output = io::Result<Self::Io>> + Send;
}

/// Any byte stream.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// A [`Connector`] whose types are erased.
pub(crate) trait AnyConnector: Send + Sync {
    fn connect<'a>(&'a self, address: &'a Address) -> BoxFuture<'a, io::Result<Box<dyn Io>>>;
}

impl<C: Connector> AnyConnector for C {
    fn connect<'a>(&'a self, address: &'a Address) -> BoxFuture<'a, io::Result<Box<dyn Io>>> {
        Box::pin(async move { Ok(Box::new(Connector::connect(self, address).await?) as Box<dyn Io>) })
    }
}

/// The idle time before the system sends TCP probes, which detect a host that has vanished.
const TCP_KEEPALIVE: Duration = Duration::from_secs(30);

/// Sockets of the operating system.
pub(crate) struct Sockets;

impl Connector for Sockets {
    type Io = Box<dyn Io>;

    async fn connect(&self, address: &Address) -> io::Result<Self::Io> {
        match address {
            Address::Tcp(address) => {
                let socket = TcpStream::connect(address).await?;
                socket.set_nodelay(true)?;
                SockRef::from(&socket).set_tcp_keepalive(&TcpKeepalive::new().with_time(TCP_KEEPALIVE))?;
                Ok(Box::new(socket))
            }
            #[cfg(unix)]
            Address::Unix(path) => Ok(Box::new(tokio::net::UnixStream::connect(path).await?)),
            #[cfg(target_os = "linux")]
            Address::UnixAbstract(name) => {
                use std::{ffi::OsStr, os::unix::ffi::OsStrExt};
                // tokio takes a path that starts with a zero byte for an abstract name.
                let path = [b"\0", name.as_slice()].concat();
                Ok(Box::new(tokio::net::UnixStream::connect(OsStr::from_bytes(&path)).await?))
            }
            #[cfg(not(target_os = "linux"))]
            other => Err(io::Error::new(io::ErrorKind::Unsupported, format!("this system has no {other}"))),
        }
    }
}
