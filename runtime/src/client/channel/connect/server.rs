//! The settings of this crate's own connection to one server.

use std::sync::Arc;
use std::time::Duration;

use http::uri::{Authority, Scheme};

use super::ConnectError;
use crate::client::connection::connector::Sockets;
use crate::client::connection::dial::Dialer;
use crate::client::connection::keepalive::{Keepalive, Keepalives};
use crate::client::connection::origin::Origin;
use crate::client::connection::reconnect::{self, Reconnect};
use crate::client::connection::recorder::ConnectionRecorder;
use crate::client::connection::server_address::ServerAddress;
#[cfg(feature = "_tls")]
use crate::tls::ClientTls;

/// `MIN_CONNECT_TIMEOUT` of gRPC's connection-backoff.md.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(20);

#[derive(Debug, Clone)]
pub(super) struct ConnectSettings {
    /// The URI as the user wrote it.
    pub(super) name: String,
    address: ServerAddress,
    origin: Origin,
    pub(super) connect_timeout: Duration,
    pub(super) keepalive: Keepalive,
    #[cfg(feature = "otel")]
    pub(super) meter: Option<opentelemetry::metrics::Meter>,
    #[cfg(feature = "_tls")]
    tls: Option<ClientTls>,
}

impl ConnectSettings {
    pub(super) fn new(name: String, address: ServerAddress, scheme: Scheme, authority: Authority) -> Self {
        Self {
            name,
            address,
            origin: Origin { scheme, ..Origin::new(authority) },
            connect_timeout: CONNECT_TIMEOUT,
            keepalive: Keepalive::default(),
            #[cfg(feature = "otel")]
            meter: None,
            #[cfg(feature = "_tls")]
            tls: None,
        }
    }

    #[cfg(feature = "_tls")]
    pub(super) fn encrypted(mut self, tls: ClientTls) -> Result<Self, ConnectError> {
        if self.origin.scheme == Scheme::HTTP && matches!(self.address, ServerAddress::Host { .. }) {
            return Err(ConnectError::refused(&self.name, "over `http`, nothing is encrypted; write `https://`"));
        }
        self.origin.scheme = Scheme::HTTPS;
        self.tls = Some(tls);
        Ok(self)
    }

    pub(super) fn transport(self) -> Result<Reconnect, ConnectError> {
        let dialer = self.dialer()?;
        let Self { address, origin, connect_timeout, .. } = self;
        Ok(Reconnect::new(reconnect::ServerConnector { address, origin, dialer, connect_timeout }))
    }

    #[cfg_attr(not(feature = "_tls"), allow(clippy::unnecessary_wraps, reason = "only TLS can fail"))]
    fn dialer(&self) -> Result<Dialer, ConnectError> {
        let keepalive = Keepalives::new(self.name.as_str().into(), self.keepalive);
        let dialer = Dialer::new(Sockets, keepalive, self.recorder());
        #[cfg(feature = "_tls")]
        if self.origin.scheme == Scheme::HTTPS {
            return Ok(Dialer { tls: Some(self.connector()?), ..dialer });
        }
        Ok(dialer)
    }

    fn recorder(&self) -> ConnectionRecorder {
        let target: Arc<str> = self.name.as_str().into();
        #[allow(unused_mut, reason = "only OpenTelemetry changes it")]
        let mut recorder = ConnectionRecorder::new(target.clone());
        #[cfg(feature = "otel")]
        if let Some(meter) = &self.meter {
            recorder.subchannels = Some(crate::otel::SubchannelMetrics::new(meter, target));
        }
        recorder
    }

    #[cfg(feature = "_tls")]
    fn connector(&self) -> Result<crate::tls::HostTls, ConnectError> {
        let tls = self.tls.clone().unwrap_or_default();
        tls.for_host(self.origin.authority.host()).map_err(|error| ConnectError::tls(&self.name, error))
    }
}
