//! The builder of a channel over many servers.

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

/// The builder of a channel over many servers; [`Channel::target`] makes one.
///
/// Setters never fail: [`channel`](Self::channel) and [`balanced`](Self::balanced) report what is wrong with the name or a setting.
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
#[must_use = "a target does nothing before `channel` is called"]
pub struct Target {
    settings: Result<TargetSettings, ConnectError>,
}

impl Target {
    pub(super) fn new(settings: Result<TargetSettings, ConnectError>) -> Self {
        Self { settings }
    }

    /// Sets the load balancing policy, which overrides that of service configs. Default: that of the service config, or else `pick_first`.
    pub fn load_balancing(self, policy: LoadBalancing) -> Self {
        self.set(|settings| settings.policy = Some(Policy::Configured(policy)))
    }

    /// Connects to all servers, and lets `pick` choose one for each call. This overrides the policy of service configs.
    pub fn pick(self, pick: impl Pick) -> Self {
        self.set(|settings| settings.policy = Some(Policy::Custom(Arc::new(pick))))
    }

    /// Sets the service config: load balancing, timeouts, size limits, retries and hedging. A config from the resolver replaces it. Default:
    /// an empty config.
    pub fn service_config(self, config: ServiceConfig) -> Self {
        self.set(|settings| settings.config = Some(Arc::new(config)))
    }

    /// Makes connections with `connect` instead of TCP and Unix sockets.
    pub fn connect_by(self, connect: impl Connector) -> Self {
        self.set(|settings| settings.connections.connect = Arc::new(connect))
    }

    /// Pings a server that has sent nothing for `interval` while calls are open, and closes the connection if the ping is not answered
    /// within `timeout`: its calls end with `UNAVAILABLE`. Default: 5 min and 20 s, as for [`Channel::connect`].
    ///
    /// Many servers permit no interval below 5 min: they close the connection after a few pings, and the channel doubles the interval for
    /// the next connections ([gRFC A8](https://github.com/grpc/proposal/blob/master/A8-client-side-keepalive.md)). Servers of this crate and
    /// of tonic permit any interval. [`Duration::MAX`] turns pings off.
    pub fn keepalive(self, interval: Duration, timeout: Duration) -> Self {
        self.set(|settings| {
            let keepalive = &mut settings.connections.keepalive;
            *keepalive = keepalive.with(Keepalive { interval, timeout, ..keepalive.now() });
        })
    }

    /// As [`keepalive`](Self::keepalive), but also pings while no calls are open, which the server has to permit. Default: no such pings.
    pub fn keepalive_while_idle(self, interval: Duration, timeout: Duration) -> Self {
        let keepalive = Keepalive { interval, timeout, while_idle: true };
        self.set(|settings| settings.connections.keepalive = settings.connections.keepalive.with(keepalive))
    }

    /// Sets the first and the longest delay between attempts to connect to an address. Default: 1 s and 120 s.
    pub fn connection_backoff(self, initial: Duration, max: Duration) -> Self {
        self.set(|settings| (settings.backoff.initial, settings.backoff.max) = (initial.min(FAR), max.min(FAR)))
    }

    /// Sets the shortest timeout of an attempt to connect, which includes TLS and the server's HTTP/2 settings. Default: 20 s.
    ///
    /// After several failures the backoff is longer, and so is the timeout.
    pub fn min_connect_timeout(self, timeout: Duration) -> Self {
        self.set(|settings| settings.backoff.min_connect_timeout = timeout)
    }

    /// Sets the time after which the next address of a server is tried in parallel, from 100 ms to 2 s (gRFC A61). Default: 250 ms.
    pub fn connection_attempt_delay(self, delay: Duration) -> Self {
        let delay = delay.clamp(Duration::from_millis(100), Duration::from_secs(2));
        self.set(|settings| settings.attempt_delay = delay)
    }

    /// Sets the shortest time between two resolutions because of lost or failed connections. Default: 30 s.
    pub fn min_resolution_interval(self, interval: Duration) -> Self {
        self.set(|settings| settings.min_resolution_interval = interval)
    }

    /// Closes all connections after this time without a call; the next call connects again. `None` never closes them. Default: 30 min
    /// (gRFC A62).
    pub fn idle_timeout(self, timeout: impl Into<Option<Duration>>) -> Self {
        self.set(|settings| settings.idle_timeout = timeout.into())
    }

    /// Identifies this client, such as by the name of its pod, so that
    /// [`RandomSubsetting`](crate::service_config::RandomSubsetting) selects the same servers after a restart. Default: a random id for each
    /// channel.
    pub fn client_id(self, id: impl AsRef<[u8]>) -> Self {
        self.set(|settings| settings.seed = seed(id.as_ref()))
    }

    /// Limits the concurrent calls to each server, the circuit breaker of gRFC A32. A stream counts until its last message. Default: no limit.
    ///
    /// When every connected server has reached the limit, a call fails at once with `UNAVAILABLE`, even if it
    /// [waits for a server](crate::Call::wait_for_ready), and is not retried.
    pub fn max_calls_per_server(self, limit: usize) -> Self {
        self.set(|settings| settings.max_calls_per_server = limit)
    }

    /// Records connections and attempts to connect as the metrics of gRFC A94: see [`otel`](crate::otel).
    #[cfg(feature = "otel")]
    pub fn meter(self, meter: &opentelemetry::metrics::Meter) -> Self {
        self.set(|settings| {
            let subchannels = crate::otel::SubchannelMetrics::new(meter, settings.target.clone());
            settings.connections.recorder.subchannels = Some(subchannels);
        })
    }

    /// Sets the `:authority` of calls: a host, with or without a port. Its host is also the name that certificates are checked for. Default: the
    /// host and port of the name, as written.
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

    /// Sets the `user-agent` header. Default: `grpc-rust-rgrpc/` and the version of this crate.
    pub fn user_agent(self, value: HeaderValue) -> Self {
        self.set(|settings| settings.origin.user_agent = value)
    }

    /// Encrypts connections with these settings. Default: [`ClientTls::new`](crate::tls::ClientTls::new) for a name that starts with `https:`, and
    /// no TLS for others.
    ///
    /// # Errors
    ///
    /// When the channel is made: if a certificate or key cannot be read, if no certificate is trusted, or if the name starts with `http:`.
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

    /// Makes the transport alone, which shows the state of the servers. [`Channel::new`] makes a channel of it.
    ///
    /// # Errors
    ///
    /// As [`Target::channel`].
    pub fn balanced(self) -> Result<Balanced, ConnectError> {
        let mut settings = self.settings?.encrypted()?;
        // Each channel adapts its own keepalive, also if several are made from clones of this target.
        let keepalive = &mut settings.connections.keepalive;
        *keepalive = keepalive.with(keepalive.now());
        let config = settings.config.clone().unwrap_or_default();
        let state = ChannelState {
            metrics: Arc::new(Balancing::new(settings.target.clone())),
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

    /// Makes the channel. It connects at its first call.
    ///
    /// # Errors
    ///
    /// If the name, the authority or the TLS settings are invalid.
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
