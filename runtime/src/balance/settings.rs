//! The settings of a channel over many servers, and their defaults.

use std::sync::Arc;
use std::time::Duration;

use http::uri::Authority;

use super::backoff::Pauses;
use super::policy::Policy;
use super::resolve::AnyResolve;
use super::target_name;
use crate::client::connection::connector::Sockets;
use crate::client::connection::dial::Dialer;
use crate::client::connection::happy_eyeballs::ATTEMPT_DELAY;
use crate::client::connection::keepalive::{Keepalive, Keepalives};
use crate::client::connection::origin::Origin;
use crate::client::connection::recorder::ConnectionRecorder;
use crate::service_config::ServiceConfig;

#[derive(Clone)]
pub(super) struct TargetSettings {
    pub(super) name: String,
    /// The same, with its scheme.
    pub(super) target: Arc<str>,
    pub(super) resolver: Arc<dyn AnyResolve>,
    pub(super) policy: Option<Policy>,
    pub(super) config: Option<Arc<ServiceConfig>>,
    pub(super) pauses: Pauses,
    pub(super) attempt_delay: Duration,
    pub(super) min_resolution_interval: Duration,
    pub(super) idle_timeout: Option<Duration>,
    /// The seed by which this client chooses other servers than others do.
    pub(super) seed: u64,
    /// The most calls that a server has under way.
    pub(super) max_calls_per_server: usize,
    pub(super) origin: Origin,
    pub(super) connections: Dialer,
}

impl TargetSettings {
    pub(super) fn new(name: String, resolver: Arc<dyn AnyResolve>, authority: Authority) -> Self {
        let target: Arc<str> = target_name::canonical(&name).into();
        Self {
            target: target.clone(),
            name,
            resolver,
            policy: None,
            config: None,
            pauses: Pauses::default(),
            attempt_delay: ATTEMPT_DELAY,
            min_resolution_interval: Duration::from_secs(30),
            idle_timeout: Some(Duration::from_secs(30 * 60)),
            seed: fastrand::u64(..),
            max_calls_per_server: usize::MAX,
            origin: Origin::new(authority),
            connections: Dialer::new(
                Sockets,
                Keepalives::new(target.clone(), Keepalive::default()),
                ConnectionRecorder::new(target),
            ),
        }
    }
}
