//! Connects a channel to one server.

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
    /// Connects to one server when awaited, or at the first call after [`lazy`](Connect::lazy).
    ///
    /// The destination is a URI, such as `"http://[::1]:50051"` or `"unix:/run/users.sock"`; [`Destination`] lists all forms. `http` is
    /// plain text. `https` needs the feature `tls-ring` or `tls-aws-lc`, and certificates to trust: those of the feature `tls-native-roots`
    /// or `tls-webpki-roots`, or those given to `Connect::tls`.
    ///
    /// All calls share one connection. When it is lost, the next call connects again at once. Calls that start meanwhile wait for the
    /// same attempt and, if it fails, end with `UNAVAILABLE` and its error; the next call makes another attempt. There is no backoff between
    /// attempts, so a server that is back is reached at once. A channel of `Channel::target` does back off, as
    /// [gRPC's connection backoff](https://github.com/grpc/grpc/blob/master/doc/connection-backoff.md) says.
    ///
    /// Each attempt looks the host up again and races its addresses 250 ms apart
    /// ([Happy Eyeballs, gRFC A61](https://github.com/grpc/proposal/blob/master/A61-IPv4-IPv6-dualstack-backends.md)).
    ///
    /// The tokio runtime of the call that connects drives the connection, also for calls from other runtimes. The connection is lost when
    /// that runtime shuts down.
    ///
    /// Connecting times out after 20 s, and keepalive finds a server that has vanished; [`Connect`] has setters for both. At most 1 MiB of
    /// unread responses is buffered for each call, and 128 MiB for each connection.
    ///
    /// A [`tonic::transport::Endpoint`] is a destination too. tonic then makes the connection, by the settings of the endpoint, and none
    /// of the above applies. Two things differ: if writing to the connection fails, calls that the server did not process end with
    /// `UNAVAILABLE` instead of being sent again, and a GOAWAY with `NO_ERROR` ends a call that has received headers with `INTERNAL`.
    ///
    /// ```no_run
    /// use rgrpc::Channel;
    /// use std::time::Duration;
    ///
    /// # async fn example() -> Result<(), rgrpc::ConnectError> {
    /// let channel = Channel::connect("http://[::1]:50051").connect_timeout(Duration::from_secs(3)).await?;
    /// let lazy = Channel::connect("http://[::1]:50051").lazy()?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When awaited: if the destination or a setting is invalid, or the server cannot be reached. A destination is invalid if it is not a
    /// URI, if its scheme is not `http`, `https` or `unix`, if an `http` or `https` URI has more than a host and a port, or if it needs a
    /// feature that is not enabled.
    ///
    /// # Panics
    ///
    /// When awaited outside of a tokio runtime; so does a call that has to connect. In a runtime without time or I/O (`enable_time`,
    /// `enable_io`), connecting to a URI is an error instead.
    pub fn connect(destination: impl Into<Destination>) -> Connect {
        Connect::new(destination)
    }

    /// A channel over this crate's own connections, to the server called `name`.
    fn over(transport: Reconnect, name: String) -> Self {
        let settings = ChannelSettings { target: Some(name.into()), ..ChannelSettings::default() };
        Self(Arc::new(ChannelParts { transport: Transport::to(transport), settings }))
    }

    /// A channel over tonic's connections.
    fn of(endpoint: &Endpoint, channel: transport::Channel) -> Self {
        let target = endpoint.uri().to_string();
        Self::new(channel).set(|settings| settings.target = Some(target.trim_end_matches('/').into()))
    }
}

/// A future that connects to one server, with setters; [`Channel::connect`] and [`Client::connect`](crate::Client::connect) make it.
///
/// Its output is `Result<Channel, ConnectError>`, or that of the client. Setters never fail: awaiting the future, or
/// [`lazy`](Self::lazy), reports what is wrong with the destination or a setting.
#[must_use = "nothing connects before this is awaited"]
pub struct Connect<C = Channel> {
    to: Destination,
    client: PhantomData<fn() -> C>,
}

impl<C: From<Channel>> Connect<C> {
    pub(crate) fn new(destination: impl Into<Destination>) -> Self {
        Self { to: destination.into(), client: PhantomData }
    }

    /// Limits the time to connect, from looking the host up to receiving the server's HTTP/2 settings. Default: 20 s, or the timeout of the
    /// [`Endpoint`], if it has one.
    ///
    /// Calls that wait for the connection then end with `UNAVAILABLE`.
    pub fn connect_timeout(self, timeout: Duration) -> Self {
        self.set(|server| server.connect_timeout = timeout, |endpoint| endpoint.connect_timeout(timeout))
    }

    /// Pings a server that has sent nothing for `interval` while calls are open, and closes the connection if the ping is not answered
    /// within `timeout`: its calls end with `UNAVAILABLE`. Default: 5 min and 20 s, or the keepalive of the [`Endpoint`], if it has one.
    ///
    /// Many servers permit no interval below 5 min: they close the connection after a few pings, and the channel doubles the interval for
    /// the next connections ([gRFC A8](https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md)). Servers of this crate and
    /// of tonic permit any interval. [`Duration::MAX`] turns pings off.
    pub fn keepalive(self, interval: Duration, timeout: Duration) -> Self {
        self.set(
            |server| server.keepalive = Keepalive { interval, timeout, while_idle: false },
            |endpoint| {
                // hyper adds them to the current time, which must not overflow.
                let (interval, timeout) = (interval.min(FAR), timeout.min(FAR));
                endpoint.http2_keep_alive_interval(interval).keep_alive_timeout(timeout).keep_alive_while_idle(false)
            },
        )
    }

    /// Records connections and attempts to connect as the metrics of gRFC A94: see [`otel`](crate::otel).
    ///
    /// # Errors
    ///
    /// When connecting: if the destination is an [`Endpoint`], whose connections cannot be observed.
    #[cfg(feature = "otel")]
    pub fn meter(self, meter: &opentelemetry::metrics::Meter) -> Self {
        let maker = self.to.0.and_then(|maker| match maker {
            Maker::Own(mut server) => {
                server.meter = Some(meter.clone());
                Ok(Maker::Own(server))
            }
            Maker::Tonic(endpoint) => {
                let problem = "the connections of an `Endpoint` cannot be recorded; connect to its URI instead";
                Err(ConnectError::refused(endpoint.uri(), problem))
            }
        });
        Self { to: Destination(maker), ..self }
    }

    /// Encrypts the connection with these settings. Default: [`ClientTls::new`] for `https`, and no TLS for `unix`.
    ///
    /// # Errors
    ///
    /// When connecting: if a certificate or key cannot be read, if no certificate is trusted, if the scheme is `http`, or if the destination
    /// is an [`Endpoint`], which has a `tls_config` of its own.
    #[cfg(feature = "_tls")]
    pub fn tls(self, tls: ClientTls) -> Self {
        let maker = self.to.0.and_then(|maker| match maker {
            Maker::Own(server) => Ok(Maker::Own(Box::new(server.encrypted(tls)?))),
            Maker::Tonic(endpoint) => {
                Err(ConnectError::refused(endpoint.uri(), "set the TLS of an `Endpoint` by its `tls_config`"))
            }
        });
        Self { to: Destination(maker), ..self }
    }

    /// Returns the channel or client at once; it connects when the first call needs a connection.
    ///
    /// A server that cannot be reached makes calls end with `UNAVAILABLE`.
    ///
    /// # Errors
    ///
    /// If the destination or a setting is invalid, as in [`Channel::connect`].
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime, if the destination is an [`Endpoint`].
    #[doc(alias = "connect_lazy")]
    pub fn lazy(self) -> Result<C, ConnectError> {
        Ok(self.to.channel()?.into())
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
        let channel = connect(self.to);
        Box::pin(async move { Ok(channel.await?.into()) })
    }
}

impl Destination {
    /// A channel that connects when the first call needs a connection.
    fn channel(self) -> Result<Channel, ConnectError> {
        Ok(match self.0? {
            Maker::Own(server) => {
                let name = server.name.clone();
                Channel::over(server.transport()?, name)
            }
            Maker::Tonic(endpoint) => Channel::of(&endpoint, endpoint.connect_lazy()),
        })
    }
}

/// Boxed apart from the type of the client, so that this crate compiles it, and not each crate that connects.
fn connect(to: Destination) -> BoxFuture<'static, Result<Channel, ConnectError>> {
    Box::pin(async move {
        Ok(match to.0? {
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
        })
    })
}

impl<C> fmt::Debug for Connect<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Connect").field("to", &self.to).finish_non_exhaustive()
    }
}
