//! Takes the address of a server; gives a channel over HTTP/2 connections to it, or says why they would not be those asked for.

#![cfg(feature = "channel")]

use super::{Channel, server_uri};
use crate::{
    BoxError, BoxFuture,
    client::connection::{flow_control, until_read::UntilRead},
};
use http::Uri;
use hyper_util::{client::legacy::connect::HttpConnector, rt::TokioIo};
use std::{
    any::Any,
    error::Error,
    fmt,
    future::IntoFuture,
    iter::{once, successors},
    marker::PhantomData,
    task::{Context, Poll},
    time::Duration,
};
use tokio::net::TcpStream;
use tonic::transport::{self, Endpoint};
use tower_service::Service;

/// gRPC's least time for a connection (`MIN_CONNECT_TIMEOUT` of its connection-backoff.md).
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

/// As often as a gRPC server takes pings that nobody told it of (keepalive.md); after more it ends the connection.
const KEEPALIVE_INTERVAL: Duration = Duration::from_secs(5 * 60);
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(20);

/// The system's own probes find a host that is gone; servers do not notice them.
const TCP_KEEPALIVE: Duration = Duration::from_secs(30);

impl Channel {
    /// Connects to the server at `endpoint`, when awaited: a URI such as `"http://[::1]:50051"`, or a [`tonic::transport::Endpoint`], which
    /// has more settings of connections. A lost connection is made again when a call needs it.
    ///
    /// An `https` URI needs one feature for TLS and one for the certificates to trust. Over `http`, nothing is encrypted.
    ///
    /// Connections have a timeout and keepalive, which [`Connect`] can change. Of responses that nobody reads yet, a call holds at most
    /// 1 MiB, in messages of any size, and a connection 128 MiB. An [`Endpoint`] keeps its own settings, without these
    /// unless they are set there, and connects as tonic does: where a connection breaks for writing, calls that the server said it has not
    /// taken are not told from others, and end with `UNAVAILABLE` instead of being sent again.
    ///
    /// ```no_run
    /// use rgrpc::Channel;
    /// use std::time::Duration;
    ///
    /// # async fn example() -> Result<(), rgrpc::ConnectError> {
    /// let channel = Channel::connect("http://[::1]:50051").connect_timeout(Duration::from_secs(3)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// If `endpoint` is not a URI, has neither of the schemes `http` and `https`, has more than a host and a port behind it, or needs a feature
    /// that is not enabled: then nothing is sent. If the server cannot be reached.
    pub fn connect<E>(endpoint: E) -> Connect
    where
        E: TryInto<Endpoint, Error: Into<BoxError>> + 'static,
    {
        Connect::new(endpoint)
    }

    /// A channel that connects to `endpoint` when the first call needs it; otherwise as [`Channel::connect`].
    ///
    /// # Errors
    ///
    /// As [`Channel::connect`], except that a server that cannot be reached makes calls end with `UNAVAILABLE`.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn connect_lazy<E>(endpoint: E) -> Result<Self, ConnectError>
    where
        E: TryInto<Endpoint, Error: Into<BoxError>> + 'static,
    {
        Connect::new(endpoint).lazy()
    }

    fn to(endpoint: &Endpoint, channel: transport::Channel) -> Self {
        let target = endpoint.uri().to_string();
        Self::new(channel).set(|settings| settings.target = Some(target.trim_end_matches('/').into()))
    }
}

/// A connection to be made, by [`Channel::connect`] or [`Client::connect`](crate::Client::connect); awaiting it gives
/// `Result<Channel, ConnectError>`, or that of a client.
#[must_use = "nothing connects before this is awaited"]
pub struct Connect<C = Channel> {
    endpoint: Result<Endpoint, ConnectError>,
    /// Whether tonic makes the connections, by settings that only it can see.
    is_tonics: bool,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Channel>> Connect<C> {
    pub(crate) fn new<E>(endpoint: E) -> Self
    where
        E: TryInto<Endpoint, Error: Into<BoxError>> + 'static,
    {
        let is_given = (&endpoint as &dyn Any).is::<Endpoint>();
        let endpoint = match endpoint.try_into() {
            Ok(endpoint) => check(endpoint, is_given),
            Err(error) => Err(ConnectError::new("this is not the URI of a server", error.into())),
        };
        // For the path of a unix socket, tonic has this URI, and knows itself where it leads.
        let is_path = endpoint.as_ref().is_ok_and(|endpoint| *endpoint.uri() == Uri::from_static("http://tonic"));
        let connect = Self { endpoint, is_tonics: is_given || is_path, client: PhantomData };
        if is_given { connect } else { connect.preset() }
    }

    fn preset(self) -> Self {
        self.connect_timeout(CONNECT_TIMEOUT)
            .keepalive(KEEPALIVE_INTERVAL, KEEPALIVE_TIMEOUT)
            .set(|endpoint| endpoint.tcp_keepalive(Some(TCP_KEEPALIVE)))
            .set(|endpoint| {
                endpoint
                    .initial_stream_window_size(flow_control::STREAM)
                    .initial_connection_window_size(flow_control::CONNECTION)
            })
    }

    /// Gives up on a connection that is not there after this long. Default: 20 s; that of an [`Endpoint`], if it was given one.
    ///
    /// The calls that wait for it then end with `UNAVAILABLE`.
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.set(|endpoint| endpoint.connect_timeout(timeout))
    }

    /// While calls are open, asks a server that has sent nothing for `interval` whether it is there, and gives it up as lost if there is no
    /// answer for `timeout`: its calls end with `UNAVAILABLE`. Default: 5 min and 20 s; that of an [`Endpoint`], if it was given one.
    ///
    /// An interval below 5 min needs a server that permits it: others end the connection, as `too_many_pings`, after a few of them
    /// (<https://github.com/grpc/grpc/blob/master/doc/keepalive.md>). tonic's servers permit any.
    pub fn keepalive(self, interval: Duration, timeout: Duration) -> Self {
        self.set(|endpoint| {
            endpoint.http2_keep_alive_interval(interval).keep_alive_timeout(timeout).keep_alive_while_idle(false)
        })
    }

    /// The channel or client, without a connection before the first call needs it; as [`Channel::connect_lazy`].
    ///
    /// # Errors
    ///
    /// As [`Channel::connect_lazy`].
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn lazy(self) -> Result<C, ConnectError> {
        let endpoint = self.endpoint?;
        let channel = if self.is_tonics {
            endpoint.connect_lazy()
        } else {
            endpoint.connect_with_connector_lazy(Connector::new(&endpoint))
        };
        Ok(Channel::to(&endpoint, channel).into())
    }

    async fn now(self) -> Result<C, ConnectError> {
        let endpoint = self.endpoint?;
        let connected = if self.is_tonics {
            endpoint.connect().await
        } else {
            endpoint.connect_with_connector(Connector::new(&endpoint)).await
        };
        connected
            .map(|channel| Channel::to(&endpoint, channel).into())
            .map_err(|error| ConnectError::unreachable(endpoint.uri(), error))
    }

    fn set(self, change: impl FnOnce(Endpoint) -> Endpoint) -> Self {
        Self { endpoint: self.endpoint.map(change), ..self }
    }
}

impl<C: From<Channel> + 'static> IntoFuture for Connect<C> {
    type Output = Result<C, ConnectError>;
    type IntoFuture = BoxFuture<'static, Self::Output>;

    fn into_future(self) -> Self::IntoFuture {
        Box::pin(self.now())
    }
}

impl<C> fmt::Debug for Connect<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").field("endpoint", &self.endpoint).finish_non_exhaustive()
    }
}

/// The endpoint, with TLS if its URI asks for that. tonic itself takes every scheme but `https` for plain text, and that one too unless
/// it has TLS.
fn check(endpoint: Endpoint, is_given: bool) -> Result<Endpoint, ConnectError> {
    const TLS: bool = cfg!(any(feature = "tls-aws-lc", feature = "tls-ring"));
    const ROOTS: bool = cfg!(any(feature = "tls-native-roots", feature = "tls-webpki-roots"));
    let uri = endpoint.uri();
    let shown = server_uri::shown(uri);
    let refused =
        |what: &str| Err(ConnectError { message: format!("cannot connect to `{shown}`: {what}"), source: None });
    if matches!(uri.scheme_str(), Some("http" | "https"))
        && let Some(problem) = server_uri::problem(uri)
    {
        return refused(problem);
    }
    match uri.scheme_str() {
        Some("http") => Ok(endpoint),
        Some("https") if !TLS => refused(
            "this build has no TLS; enable the feature `tls-ring` or `tls-aws-lc` of rgrpc, and `tls-native-roots` or `tls-webpki-roots` \
             for the certificates to trust",
        ),
        Some("https") if !ROOTS && !is_given => refused(
            "this build trusts no certificate; enable the feature `tls-native-roots` or `tls-webpki-roots` of rgrpc, or give an `Endpoint` \
             with a `tls_config` of its own",
        ),
        // tonic adds TLS to an endpoint that has none.
        Some("https") => Endpoint::new(endpoint).map_err(|error| ConnectError::new("cannot set up TLS", error.into())),
        Some(_) => refused("only the schemes `http`, without encryption, and `https` lead to a server"),
        None => refused("it has no scheme; put `https://` before it, or `http://` for a connection without encryption"),
    }
}

/// Makes TCP connections.
struct Connector(HttpConnector);

impl Connector {
    fn new(endpoint: &Endpoint) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(endpoint.get_tcp_nodelay());
        tcp.set_keepalive(endpoint.get_tcp_keepalive());
        Self(tcp)
    }
}

impl Service<Uri> for Connector {
    type Response = UntilRead<TokioIo<TcpStream>>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Self::Response, BoxError>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, uri: Uri) -> Self::Future {
        let connection = self.0.call(uri);
        Box::pin(async move { Ok(UntilRead::new(connection.await?)) })
    }
}

/// Why there is no [`Channel`] to a server; its text says what to do about it.
#[derive(Debug)]
pub struct ConnectError {
    message: String,
    source: Option<BoxError>,
}

impl ConnectError {
    fn new(what: &str, source: BoxError) -> Self {
        let causes =
            successors(Some(&*source as &(dyn Error + 'static)), |error: &&(dyn Error + 'static)| (*error).source());
        let message = once(what.to_owned()).chain(causes.map(ToString::to_string)).collect::<Vec<_>>().join(": ");
        Self { message, source: Some(source) }
    }

    fn unreachable(uri: &Uri, error: transport::Error) -> Self {
        Self::new(&format!("cannot connect to `{uri}`"), error.into())
    }
}

impl fmt::Display for ConnectError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for ConnectError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}
