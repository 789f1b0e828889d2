//! The settings of a target, with their defaults.

use std::sync::Arc;
use std::time::Duration;

use http::uri::Authority;
#[cfg(feature = "_tls")]
use http::uri::Scheme;

use super::backoff::BackoffSettings;
use super::policy::Policy;
use super::resolve::AnyResolve;
use super::target_name::{self, Security};
use crate::ConnectError;
use crate::client::connection::connector::Sockets;
use crate::client::connection::dial::Dialer;
use crate::client::connection::happy_eyeballs::ATTEMPT_DELAY;
use crate::client::connection::keepalive::{Keepalive, Keepalives};
#[cfg(not(feature = "_tls"))]
use crate::client::connection::name::NO_TLS;
use crate::client::connection::origin::Origin;
use crate::client::connection::recorder::ConnectionRecorder;
use crate::service_config::ServiceConfig;
#[cfg(feature = "_tls")]
use crate::tls::ClientTls;

#[derive(Clone)]
pub(super) struct TargetSettings {
    pub(super) name: String,
    /// The name with its scheme, for metrics.
    pub(super) target: Arc<str>,
    pub(super) resolver: Arc<dyn AnyResolve>,
    pub(super) policy: Option<Policy>,
    pub(super) config: Option<Arc<ServiceConfig>>,
    pub(super) backoff: BackoffSettings,
    pub(super) attempt_delay: Duration,
    pub(super) min_resolution_interval: Duration,
    pub(super) idle_timeout: Option<Duration>,
    /// The seed of random subsetting, which differs between clients.
    pub(super) seed: u64,
    pub(super) max_calls_per_server: usize,
    pub(super) origin: Origin,
    pub(super) security: Security,
    #[cfg(feature = "_tls")]
    pub(super) tls: Option<ClientTls>,
    /// Its TLS is set up by [`TargetSettings::encrypted`].
    pub(super) connections: Dialer,
}

impl TargetSettings {
    pub(super) fn new(name: String, resolver: Arc<dyn AnyResolve>, authority: Authority, security: Security) -> Self {
        let target: Arc<str> = target_name::canonical(&name).into();
        Self {
            target: target.clone(),
            name,
            resolver,
            policy: None,
            config: None,
            backoff: BackoffSettings::default(),
            attempt_delay: ATTEMPT_DELAY,
            min_resolution_interval: Duration::from_secs(30),
            idle_timeout: Some(Duration::from_secs(30 * 60)),
            seed: fastrand::u64(..),
            max_calls_per_server: usize::MAX,
            origin: Origin::new(authority),
            security,
            #[cfg(feature = "_tls")]
            tls: None,
            connections: Dialer::new(
                Sockets,
                Keepalives::new(target.clone(), Keepalive::default()),
                ConnectionRecorder::new(target),
            ),
        }
    }

    /// Sets up TLS, if these settings ask for it.
    #[cfg(feature = "_tls")]
    pub(super) fn encrypted(mut self) -> Result<Self, ConnectError> {
        let tls = match (self.security, self.tls.take()) {
            (Security::Plain, Some(_)) => {
                return Err(target_name::invalid(&self.name, "over `http`, nothing is encrypted; write `https://`"));
            }
            (Security::Tls, None) => ClientTls::new(),
            (_, Some(tls)) => tls,
            (_, None) => return Ok(self),
        };
        let connector = tls.for_host(self.origin.authority.host());
        self.connections.tls = Some(connector.map_err(|error| ConnectError::tls(&self.name, error))?);
        self.origin.scheme = Scheme::HTTPS;
        Ok(self)
    }

    /// Refuses a name that needs TLS.
    #[cfg(not(feature = "_tls"))]
    pub(super) fn encrypted(self) -> Result<Self, ConnectError> {
        match self.security {
            Security::Tls => Err(target_name::invalid(&self.name, NO_TLS)),
            Security::Plain | Security::Unspecified => Ok(self),
        }
    }
}
