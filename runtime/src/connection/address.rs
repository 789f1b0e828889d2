//! Socket addresses of any kind.

use std::fmt;
use std::net::SocketAddr;
use std::path::PathBuf;

/// The address of a socket: where a channel connects, or a server listens.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Address {
    /// An IP address and a port.
    Tcp(SocketAddr),
    /// The path of a Unix domain socket.
    Unix(PathBuf),
    /// The name of a socket in Linux's abstract namespace, without the leading zero byte.
    #[cfg_attr(
        not(any(feature = "balance", feature = "serve")),
        allow(dead_code, reason = "only these features have such sockets")
    )]
    UnixAbstract(Vec<u8>),
}

impl From<SocketAddr> for Address {
    fn from(address: SocketAddr) -> Self {
        Self::Tcp(address)
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp(address) => address.fmt(f),
            Self::Unix(path) => write!(f, "unix:{}", path.display()),
            Self::UnixAbstract(name) => write!(f, "unix-abstract:{}", String::from_utf8_lossy(name)),
        }
    }
}
