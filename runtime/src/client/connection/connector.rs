//! Connects the byte stream to an address: a socket, or a connector of the user's.

use std::future::Future;
use std::io;
use std::time::Duration;

use socket2::{SockRef, TcpKeepalive};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpStream;

use crate::BoxFuture;
use crate::connection::address::Address;

/// A way to connect to an address other than by its socket: a proxy, a tunnel, a stream in memory.
///
/// TLS, if there is any, comes on top.
pub trait Connector: Send + Sync + 'static {
    /// The bytes to and from the server.
    type Io: AsyncRead + AsyncWrite + Send + Unpin + 'static;

    /// Connects to `address`.
    ///
    /// # Errors
    ///
    /// If that fails; it is tried again by the rules of gRPC's connection backoff.
    fn connect(&self, address: &Address) -> impl Future<Output = io::Result<Self::Io>> + Send;
}

/// Any byte stream.
pub(crate) trait Io: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Io for T {}

/// [`Connector`] without its types.
pub(crate) trait AnyConnector: Send + Sync {
    fn connect<'a>(&'a self, address: &'a Address) -> BoxFuture<'a, io::Result<Box<dyn Io>>>;
}

impl<C: Connector> AnyConnector for C {
    fn connect<'a>(&'a self, address: &'a Address) -> BoxFuture<'a, io::Result<Box<dyn Io>>> {
        Box::pin(async move { Ok(Box::new(Connector::connect(self, address).await?) as Box<dyn Io>) })
    }
}

/// The system's own probes find a host that is gone; servers do not notice them.
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
                // As tokio writes such a name, which connects without blocking.
                let path = [b"\0", name.as_slice()].concat();
                Ok(Box::new(tokio::net::UnixStream::connect(OsStr::from_bytes(&path)).await?))
            }
            #[cfg(not(target_os = "linux"))]
            other => Err(io::Error::new(io::ErrorKind::Unsupported, format!("there is no {other} on this system"))),
        }
    }
}
