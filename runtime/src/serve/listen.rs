//! Names where a server listens, and starts to listen there.

use std::net::SocketAddr;
use std::{fmt, io};

use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;
use tokio_stream::{Stream, StreamExt};
use tonic::transport::server::Connected;

use super::incoming::IncomingStream;
use super::listener::{Connections, Listener, tcp};
use super::{ServeError, systemd, unix};

/// Where a server listens: a name, an address, a bound socket, or any stream of connections.
///
/// | name | listens on |
/// |---|---|
/// | `127.0.0.1:50051`, `[::]:50051`, `localhost:50051` | TCP; `[::]` is all addresses of both IP versions; port 0 picks a free port |
/// | `unix:path`, `unix:///path` | a Unix domain socket; the file of a server that is gone is replaced |
/// | `unix-abstract:name` | a Unix domain socket in Linux's abstract namespace |
/// | `systemd:` | all sockets that systemd passes ([socket activation](https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html)) |
///
/// ```no_run
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_server::{UserService, UserServiceServer};
/// # async fn example(users: impl UserService) -> Result<(), rgrpc::serve::ServeError> {
/// let server = rgrpc::serve("[::]:50051").listen("unix:/run/users.sock").service(UserServiceServer::new(users));
/// server.until_signal().await?;
/// # Ok(())
/// # }
/// ```
pub struct Listen {
    source: ListenSource,
    #[cfg(feature = "_tls")]
    encrypts: Encrypts,
}

/// Whether connections are encrypted.
#[cfg(feature = "_tls")]
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encrypts {
    /// If the server has TLS.
    AsServer,
    Never,
}

enum ListenSource {
    Name(String),
    Tcp(SocketAddr),
    Bound(io::Result<TcpListener>),
    #[cfg(unix)]
    BoundUnix(tokio::net::UnixListener),
    Connections(Connections),
}

impl Listen {
    /// Serves the byte streams that `connections` yields, such as the ends of [`tokio::io::duplex`] in a test.
    ///
    /// Errors are logged, and do not end the stream. After the end of the stream, the server ends with its last connection.
    pub fn connections<I>(connections: impl Stream<Item = io::Result<I>> + Send + 'static) -> Self
    where
        I: AsyncRead + AsyncWrite + Connected + Send + Unpin + 'static,
    {
        let connections = connections.map(|io| io.map(|io| Box::new(io) as Box<dyn IncomingStream>));
        Self::at(ListenSource::Connections(Box::pin(connections)))
    }

    fn at(source: ListenSource) -> Self {
        Self {
            source,
            #[cfg(feature = "_tls")]
            encrypts: Encrypts::AsServer,
        }
    }

    /// Serves this address without TLS, even if the server has TLS for its other addresses. Use it for a Unix domain socket, or for probes that
    /// do not speak TLS.
    ///
    /// All services are available there too. For a port with the health service alone, see [in Kubernetes](super#in-kubernetes).
    ///
    /// ```no_run
    /// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
    /// # use proto::user_service_server::{UserService, UserServiceServer};
    /// use rgrpc::{serve::Listen, tls::ServerTls};
    ///
    /// # async fn example(users: impl UserService) -> Result<(), rgrpc::serve::ServeError> {
    /// rgrpc::serve("[::]:50051")
    ///     .tls(ServerTls::from_files("/tls/tls.crt", "/tls/tls.key"))
    ///     .listen(Listen::from("unix:/run/users.sock").plain())
    ///     .service(UserServiceServer::new(users))
    ///     .until_signal()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[cfg(feature = "_tls")]
    #[must_use]
    pub fn plain(self) -> Self {
        Self { encrypts: Encrypts::Never, ..self }
    }

    /// Starts to listen.
    pub(super) async fn open(self) -> Result<Vec<Listener>, ServeError> {
        let listeners = self.source.open().await?;
        #[cfg(feature = "_tls")]
        if self.encrypts == Encrypts::Never {
            return Ok(listeners.into_iter().map(Listener::plain).collect());
        }
        Ok(listeners)
    }
}

impl ListenSource {
    async fn open(self) -> Result<Vec<Listener>, ServeError> {
        let one = |listener| Ok(vec![listener]);
        match self {
            Self::Name(name) => named(&name).await,
            Self::Tcp(address) => one(bind(&address.to_string()).await?),
            Self::Bound(listener) => one(tcp(listener.map_err(|error| cannot("the given socket", error))?)),
            #[cfg(unix)]
            Self::BoundUnix(listener) => one(unix::listener(listener)),
            Self::Connections(connections) => one(Listener { address: None, connections }),
        }
    }
}

async fn named(name: &str) -> Result<Vec<Listener>, ServeError> {
    if let Some(path) = name.strip_prefix("unix:") {
        // `unix:///path` is the form with an empty authority.
        let path = path.strip_prefix("//").unwrap_or(path);
        return unix::bind(path).map(|listener| vec![listener]).map_err(|error| cannot(name, error));
    }
    if let Some(abstract_name) = name.strip_prefix("unix-abstract:") {
        return unix::bind_abstract(abstract_name).map(|listener| vec![listener]).map_err(|error| cannot(name, error));
    }
    if name == "systemd:" {
        return systemd::sockets();
    }
    if name.contains("://") {
        return Err(ServeError::new(format!("cannot listen on `{name}`: write `host:port`, without a scheme")));
    }
    bind(name).await.map(|listener| vec![listener])
}

async fn bind(name: &str) -> Result<Listener, ServeError> {
    TcpListener::bind(name).await.map(tcp).map_err(|error| cannot(name, error))
}

fn cannot(name: &str, error: io::Error) -> ServeError {
    let remedy = match error.kind() {
        io::ErrorKind::AddrInUse => "; another process listens there",
        io::ErrorKind::PermissionDenied => "; use a port above 1023, or another path",
        io::ErrorKind::AddrNotAvailable => "; this machine has no such address",
        // EAFNOSUPPORT, whose number is different on other systems. A Unix domain socket may fail with it too.
        _ if cfg!(target_os = "linux") && error.raw_os_error() == Some(97) && name.starts_with('[') => {
            "; this machine has no IPv6: use `0.0.0.0` instead of `[::]`"
        }
        io::ErrorKind::InvalidInput => "; expected `host:port`, `unix:path`, `unix-abstract:name` or `systemd:`",
        _ => "",
    };
    ServeError::because(format_args!("cannot listen on `{name}`{remedy}"), error)
}

impl From<&str> for Listen {
    fn from(name: &str) -> Self {
        name.to_owned().into()
    }
}

impl From<String> for Listen {
    fn from(name: String) -> Self {
        Self::at(ListenSource::Name(name))
    }
}

impl From<SocketAddr> for Listen {
    fn from(address: SocketAddr) -> Self {
        Self::at(ListenSource::Tcp(address))
    }
}

impl From<TcpListener> for Listen {
    fn from(listener: TcpListener) -> Self {
        Self::at(ListenSource::Bound(Ok(listener)))
    }
}

/// Call this within a tokio runtime.
impl From<std::net::TcpListener> for Listen {
    fn from(listener: std::net::TcpListener) -> Self {
        Self::at(ListenSource::Bound(listener.set_nonblocking(true).and_then(|()| TcpListener::from_std(listener))))
    }
}

#[cfg(unix)]
impl From<tokio::net::UnixListener> for Listen {
    fn from(listener: tokio::net::UnixListener) -> Self {
        Self::at(ListenSource::BoundUnix(listener))
    }
}

impl fmt::Debug for Listen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut listen = f.debug_struct("Listen");
        match &self.source {
            ListenSource::Name(name) => listen.field("name", name),
            ListenSource::Tcp(address) => listen.field("address", address),
            ListenSource::Bound(listener) => listen.field("listener", listener),
            #[cfg(unix)]
            ListenSource::BoundUnix(listener) => listen.field("listener", listener),
            ListenSource::Connections(_) => &mut listen,
        };
        listen.finish_non_exhaustive()
    }
}
