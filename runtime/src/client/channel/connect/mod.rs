//! Makes channels over HTTP/2 connections to one server.

#![cfg(feature = "channel")]

mod destination;
mod error;
mod server;

use std::fmt;
use std::future::IntoFuture;
use std::marker::PhantomData;
use std::sync::Arc;
use std::time::Duration;

use tonic::transport::{self, Endpoint};

use super::{Channel, ChannelParts, ChannelSettings};
use crate::client::connection::keepalive::Keepalive;
use crate::client::connection::reconnect::Reconnect;
use crate::deadline::clock::FAR;
#[cfg(feature = "_tls")]
use crate::tls::ClientTls;
use crate::{BoxFuture, Transport};
use destination::Maker;
use server::ConnectSettings;

pub use destination::Destination;
pub use error::ConnectError;

impl Channel {
    /// Connects to one server, when awaited: by a URI such as `"http://[::1]:50051"` or `"unix:/run/users.sock"`, of which
    /// [`Destination`] has all forms.
    ///
    /// An `https` URI needs one feature for TLS and one for the certificates to trust, or [`Connect::tls`]. Over `http`, nothing is
    /// encrypted.
    ///
    /// All calls share one connection, and stay on it until it is lost. The next call makes it again, at once: calls that begin
    /// meanwhile wait for the same attempt, and end with `UNAVAILABLE` and its reason if it fails; the one after them makes another. There is
    /// no pause between attempts, as [gRPC's connection backoff](https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md) has,
    /// in which calls would fail though the server is back; `Channel::target` keeps those. The addresses of a host are asked for with each
    /// attempt, and tried as in [gRFC A61](https://github.com/grpc/proposal/blob/master/A61-IPv4-IPv6-dualstack-backends.md), each 250 ms
    /// after the one before.
    ///
    /// A connection lives in the runtime of the call that made it, carries the calls of others too, and is lost when that runtime ends.
    ///
    /// Connections have a timeout and keepalive, which [`Connect`] can change. Of responses that nobody reads yet, a call holds at most
    /// 1 MiB, in messages of any size, and a connection 128 MiB.
    ///
    /// A [`tonic::transport::Endpoint`] has more settings, keeps its own without any of these, and connects as tonic does. There, when
    /// writing fails, calls that the server did not take end with `UNAVAILABLE`; they are not sent again. A GOAWAY with `NO_ERROR` below a
    /// call that has headers ends it with `INTERNAL`.
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
    /// If `destination` is not a URI, has none of the schemes `http`, `https` and `unix`, has more than a host and a port behind `http` or
    /// `https`, or needs a feature that is not enabled: then nothing is sent. If the server cannot be reached.
    ///
    /// # Panics
    ///
    /// When awaited outside of a tokio runtime, and so does a call that has to connect. For a URI, a runtime without time or I/O
    /// (`enable_time`, `enable_io`) makes it an error instead.
    pub fn connect(destination: impl Into<Destination>) -> Connect {
        Connect::new(destination)
    }

    /// A channel that connects to `destination` when the first call needs it; otherwise as [`Channel::connect`].
    ///
    /// # Errors
    ///
    /// As [`Channel::connect`], except that a server that cannot be reached makes calls end with `UNAVAILABLE`.
    ///
    /// # Panics
    ///
    /// With an [`Endpoint`], outside of a tokio runtime. Calls panic as in [`Channel::connect`].
    pub fn connect_lazy(destination: impl Into<Destination>) -> Result<Self, ConnectError> {
        Connect::new(destination).lazy()
    }

    /// Over connections of this crate's own, to the server that `name` names.
    fn over(transport: Reconnect, name: String) -> Self {
        let settings = ChannelSettings { target: Some(name.into()), ..ChannelSettings::default() };
        Self(Arc::new(ChannelParts { transport: Transport::to(transport), settings }))
    }

    /// Over connections of tonic's.
    fn of(endpoint: &Endpoint, channel: transport::Channel) -> Self {
        let target = endpoint.uri().to_string();
        Self::new(channel).set(|settings| settings.target = Some(target.trim_end_matches('/').into()))
    }
}

/// A connection to be made, by [`Channel::connect`] or [`Client::connect`](crate::Client::connect); awaiting it gives
/// `Result<Channel, ConnectError>`, or that of a client.
#[must_use = "nothing connects before this is awaited"]
pub struct Connect<C = Channel> {
    to: Destination,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Channel>> Connect<C> {
    pub(crate) fn new(destination: impl Into<Destination>) -> Self {
        Self { to: destination.into(), client: PhantomData }
    }

    /// Gives up on a connection that is not there after this long: from asking for addresses to the server's HTTP/2 settings. Default:
    /// 20 s; that of an [`Endpoint`], if it was given one.
    ///
    /// The calls that wait for it then end with `UNAVAILABLE`.
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.set(|server| server.connect_timeout = timeout, |endpoint| endpoint.connect_timeout(timeout))
    }

    /// While calls are open, asks a server that has sent nothing for `interval` whether it is there, and gives it up as lost if there is no
    /// answer for `timeout`: its calls end with `UNAVAILABLE`. Default: 5 min and 20 s; that of an [`Endpoint`], if it was given one.
    ///
    /// An interval below 5 min needs a server that permits it: others end the connection after a few pings, upon which the next connections
    /// ask half as often ([gRFC A8](https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md)). Servers of this crate and of
    /// tonic permit any. With [`Duration::MAX`], nothing is asked.
    pub fn keepalive(self, interval: Duration, timeout: Duration) -> Self {
        self.set(
            |server| server.keepalive = Keepalive { interval, timeout, while_idle: false },
            |endpoint| {
                // hyper adds them to the time that it is.
                let (interval, timeout) = (interval.min(FAR), timeout.min(FAR));
                endpoint.http2_keep_alive_interval(interval).keep_alive_timeout(timeout).keep_alive_while_idle(false)
            },
        )
    }

    /// Records connections, and the attempts to make some, into the instruments of gRFC A94: see [`otel`](crate::otel).
    ///
    /// # Errors
    ///
    /// When connecting, for an [`Endpoint`]: tonic does not tell of its connections.
    #[cfg(feature = "otel")]
    pub fn meter(self, meter: &opentelemetry::metrics::Meter) -> Self {
        let maker = self.to.0.and_then(|maker| match maker {
            Maker::Own(mut server) => {
                server.meter = Some(meter.clone());
                Ok(Maker::Own(server))
            }
            Maker::Tonic(endpoint) => {
                let problem = "an `Endpoint` does not tell of its connections; give the URI itself to record them";
                Err(ConnectError::refused(endpoint.uri(), problem))
            }
        });
        Self { to: Destination(maker), ..self }
    }

    /// Encrypts the connection by these settings: whom to trust, and who this client is. Default: with `https`, the certificates that are
    /// compiled in. A Unix socket is encrypted only with this.
    ///
    /// # Errors
    ///
    /// When connecting: if `tls` has a certificate or key that cannot be read, or trusts nobody; for an `http` URI; for an
    /// [`Endpoint`], which has its own.
    #[cfg(feature = "_tls")]
    pub fn tls(self, tls: ClientTls) -> Self {
        let maker = self.to.0.and_then(|maker| match maker {
            Maker::Own(server) => Ok(Maker::Own(Box::new(server.encrypted(tls)?))),
            Maker::Tonic(endpoint) => {
                Err(ConnectError::refused(endpoint.uri(), "an `Endpoint` has TLS of its own, by its `tls_config`"))
            }
        });
        Self { to: Destination(maker), ..self }
    }

    /// The channel or client, without a connection before the first call needs it; as [`Channel::connect_lazy`].
    ///
    /// # Errors
    ///
    /// As [`Channel::connect_lazy`].
    ///
    /// # Panics
    ///
    /// With an [`Endpoint`], outside of a tokio runtime.
    pub fn lazy(self) -> Result<C, ConnectError> {
        Ok(match self.to.0? {
            Maker::Own(server) => {
                let name = server.name.clone();
                Channel::over(server.transport()?, name)
            }
            Maker::Tonic(endpoint) => Channel::of(&endpoint, endpoint.connect_lazy()),
        }
        .into())
    }

    async fn now(self) -> Result<C, ConnectError> {
        Ok(match self.to.0? {
            Maker::Own(server) => {
                let name = server.name.clone();
                let transport = server.transport()?;
                transport.connection().await.map_err(|error| ConnectError::unreachable(&name, error))?;
                Channel::over(transport, name)
            }
            Maker::Tonic(endpoint) => {
                let connected = endpoint.connect().await;
                let channel = connected.map_err(|error| ConnectError::unreachable(endpoint.uri(), error))?;
                Channel::of(&endpoint, channel)
            }
        }
        .into())
    }

    fn set(self, own: impl FnOnce(&mut ConnectSettings), tonics: impl FnOnce(Endpoint) -> Endpoint) -> Self {
        let maker = self.to.0.map(|maker| match maker {
            Maker::Own(mut server) => {
                own(&mut server);
                Maker::Own(server)
            }
            Maker::Tonic(endpoint) => Maker::Tonic(Box::new(tonics(*endpoint))),
        });
        Self { to: Destination(maker), ..self }
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
        f.debug_struct("Connect").field("to", &self.to).finish_non_exhaustive()
    }
}
