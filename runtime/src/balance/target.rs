//! The settings of a channel to a name.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use http::HeaderValue;
use tokio::sync::{Notify, watch};

use super::activity::Activity;
use super::pick::Pick;
use super::policy::Policy;
use super::service::Balanced;
use super::settings::TargetSettings;
use super::snapshot::{ChannelState, Snapshot};
use super::subset::seed;
use super::{channel, target_name};
use crate::client::connection::connector::Connector;
use crate::client::connection::keepalive::Keepalive;
use crate::deadline::clock::FAR;
use crate::service_config::{CurrentConfig, LoadBalancing, ServiceConfig};
use crate::telemetry::metrics::Balancing;
use crate::{Channel, ConnectError};

/// The settings of a channel over connections to the servers that a name stands for; it comes from [`Channel::target`].
///
/// ```
/// use rgrpc::{Channel, service_config::LoadBalancing};
/// use std::time::Duration;
///
/// # fn example() -> Result<Channel, rgrpc::ConnectError> {
/// let channel = Channel::target("dns:///users.prod:50051")
///     .load_balancing(LoadBalancing::RoundRobin)
///     .keepalive(Duration::from_secs(30), Duration::from_secs(10))
///     .channel()?
///     .timeout(Duration::from_secs(5));
/// # Ok(channel)
/// # }
/// ```
#[derive(Clone)]
#[must_use = "`channel` makes a channel of it"]
pub struct Target {
    settings: Result<TargetSettings, ConnectError>,
}

impl Target {
    pub(super) fn new(settings: Result<TargetSettings, ConnectError>) -> Self {
        Self { settings }
    }

    /// Chooses how calls are spread over the servers, whatever service configs say. Default: what they say, or else `pick_first`.
    pub fn load_balancing(self, policy: LoadBalancing) -> Self {
        self.set(|settings| settings.policy = Some(Policy::Configured(policy)))
    }

    /// Connects to all servers, and has `pick` choose one of them for each call, whatever service configs say.
    pub fn pick(self, pick: impl Pick) -> Self {
        self.set(|settings| settings.policy = Some(Policy::Custom(Arc::new(pick))))
    }

    /// Holds calls to a service config: balancing, timeouts, limits, retries and hedging. One that the resolver finds replaces it.
    /// Default: gRPC's defaults.
    pub fn service_config(self, config: ServiceConfig) -> Self {
        self.set(|settings| settings.config = Some(Arc::new(config)))
    }

    /// Connects by other means than the sockets of the operating system.
    pub fn connect_by(self, connect: impl Connector) -> Self {
        self.set(|settings| settings.connections.connect = Arc::new(connect))
    }

    /// While calls are open, asks a server that has sent nothing for `interval` whether it is there, and gives it up as lost if there is no
    /// answer for `timeout`: its calls end with `UNAVAILABLE`. Default: 5 min and 20 s, as for [`Channel::connect`].
    ///
    /// An interval below 5 min needs a server that permits it: others end the connection after a few pings, upon which the next connections
    /// ask half as often ([gRFC A8](https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md)). Servers of this crate and of
    /// tonic permit any. With [`Duration::MAX`], nothing is asked.
    pub fn keepalive(self, interval: Duration, timeout: Duration) -> Self {
        self.set(|settings| {
            let keepalive = &mut settings.connections.keepalive;
            *keepalive = keepalive.with(Keepalive { interval, timeout, ..keepalive.now() });
        })
    }

    /// As [`Target::keepalive`], and while no calls are open too, which needs a server that permits that as well. Default: does not.
    pub fn keepalive_while_idle(self, interval: Duration, timeout: Duration) -> Self {
        let keepalive = Keepalive { interval, timeout, while_idle: true };
        self.set(|settings| settings.connections.keepalive = settings.connections.keepalive.with(keepalive))
    }

    /// Sets the first and the longest pause between attempts to connect to an address. Default: 1 s and 120 s.
    pub fn connection_backoff(self, initial: Duration, max: Duration) -> Self {
        self.set(|settings| (settings.pauses.initial, settings.pauses.max) = (initial.min(FAR), max.min(FAR)))
    }

    /// The least time for an attempt to connect: from the first byte to TLS and the HTTP/2 settings of the server. Default: 20 s.
    pub fn min_connect_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.pauses.min_connect_timeout = timeout)
    }

    /// How long the attempt to connect to one address has before the next one is tried beside it, from 100 ms to 2 s (gRFC A61).
    /// Default: 250 ms.
    pub fn connection_attempt_delay(self, delay: Duration) -> Self {
        let delay = delay.clamp(Duration::from_millis(100), Duration::from_secs(2));
        self.set(|settings| settings.attempt_delay = delay)
    }

    /// The least time between two questions to the resolver because of lost connections. Default: 30 s.
    pub fn min_resolution_interval(self, interval: Duration) -> Self {
        self.set(|settings| settings.min_resolution_interval = interval)
    }

    /// Closes connections when there has been no call for this long; `None` never does. Default: 30 minutes (gRFC A62).
    pub fn idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.set(|settings| settings.idle_timeout = timeout.into())
    }

    /// Says which client this is, so that
    /// [`RandomSubsetting`](crate::service_config::RandomSubsetting) gives it the same servers each time it starts: the name of a pod, say.
    /// Default: another one for each channel.
    pub fn client_id(self, id: impl AsRef<[u8]>) -> Self {
        self.set(|settings| settings.seed = seed(id.as_ref()))
    }

    /// The most calls that each server has under way, those of streams until their last message. A call for which no server has room fails
    /// at once with `UNAVAILABLE`, also one that is told to [wait](crate::Call::wait_for_ready), and no policy makes it again (the circuit
    /// breaker of gRFC A32). Default: no limit.
    pub fn max_calls_per_server(self, limit: usize) -> Self {
        self.set(|settings| settings.max_calls_per_server = limit)
    }

    /// Records connections, and the attempts to make some, into the instruments of gRFC A94: see [`otel`](crate::otel).
    #[cfg(feature = "otel")]
    pub fn meter(self, meter: &opentelemetry::metrics::Meter) -> Self {
        self.set(|settings| {
            let subchannels = crate::otel::SubchannelMetrics::new(meter, settings.target.clone());
            settings.connections.recorder.subchannels = Some(subchannels);
        })
    }

    /// The name that servers and their certificates must have, a host with or without a port. Default: the host and port of the name, as
    /// written.
    ///
    /// # Errors
    ///
    /// When the channel is made: if `authority` is not a host.
    pub fn authority(self, authority: &str) -> Self {
        match target_name::authority(authority, authority) {
            Ok(parsed) => self.set(|settings| settings.origin.authority = parsed),
            Err(error) => Self { settings: self.settings.and(Err(error)) },
        }
    }

    /// The `user-agent` header. Default: `grpc-rust-rgrpc/` and the version.
    pub fn user_agent(self, value: HeaderValue) -> Self {
        self.set(|settings| settings.origin.user_agent = value)
    }

    /// Encrypts connections by these settings: whom to trust, and who this client is. Default: for a name that starts with `https:`, those
    /// of [`ClientTls::new`](crate::tls::ClientTls::new); otherwise, nothing is encrypted.
    ///
    /// # Errors
    ///
    /// When the channel is made: if `tls` has a certificate or key that cannot be read, or trusts nobody; for a name that starts with `http:`.
    #[cfg(feature = "_tls")]
    pub fn tls(self, tls: crate::tls::ClientTls) -> Self {
        self.set(|settings| settings.tls = Some(tls))
    }

    fn set(mut self, change: impl FnOnce(&mut TargetSettings)) -> Self {
        if let Ok(settings) = &mut self.settings {
            change(settings);
        }
        self
    }

    /// The transport with these settings, which tells of its servers, for [`Channel::new`].
    ///
    /// # Errors
    ///
    /// As [`Target::channel`].
    pub fn balanced(self) -> Result<Balanced, ConnectError> {
        let mut settings = self.settings?.encrypted()?;
        // A complaint is about the pings of one channel, and not of others from clones of this.
        let keepalive = &mut settings.connections.keepalive;
        *keepalive = keepalive.with(keepalive.now());
        let config = settings.config.clone().unwrap_or_default();
        let state = ChannelState {
            counted: Arc::new(Balancing::new(settings.target.clone())),
            settings,
            snapshot: watch::channel(Arc::new(Snapshot::idle(config.clone()))).0,
            config: CurrentConfig::new(config),
            resolved: AtomicBool::new(false),
            wake: Notify::new(),
            resolve: Arc::new(Notify::new()),
            activity: Activity::new(),
        };
        Ok(Balanced::new(state, |state| tokio::spawn(channel::run(state)).abort_handle()))
    }

    /// The channel with these settings. It connects when it is first called.
    ///
    /// # Errors
    ///
    /// If the name, the authority or the TLS settings cannot be used: the error says what is wrong with the first of them.
    pub fn channel(self) -> Result<Channel, ConnectError> {
        self.balanced().map(Channel::new)
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.settings.as_ref().map(|settings| &settings.name);
        f.debug_struct("Target").field("name", &name).finish_non_exhaustive()
    }
}
