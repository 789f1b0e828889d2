//! The state that the task of a channel publishes to its calls.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use tokio::sync::{Notify, watch};

use super::State;
use super::activity::Activity;
use super::address::Endpoint;
use super::pick::{Backend, Pick};
use super::settings::TargetSettings;
use crate::service_config::{CurrentConfig, ServiceConfig};
use crate::telemetry::metrics::Balancing;

/// The state of a channel at one moment, by which a call is assigned.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) state: State,
    pub(super) picker: Picker,
    pub(super) config: Arc<ServiceConfig>,
    pub(super) servers: Vec<(Endpoint, State)>,
}

#[derive(Clone)]
pub(super) enum Picker {
    /// Wake the idle channel, and wait.
    Wake,
    /// Wait.
    Wait,
    /// Pick one of these servers.
    Pick(Arc<[Backend]>, Arc<dyn Pick>),
    /// Fail for this reason, unless the call waits for ready.
    Fail(Arc<str>),
}

impl Snapshot {
    pub(super) fn idle(config: Arc<ServiceConfig>) -> Self {
        Self { state: State::Idle, picker: Picker::Wake, config, servers: Vec::new() }
    }
}

/// The state that the task of a channel shares with its calls.
pub(super) struct ChannelState {
    pub(super) settings: TargetSettings,
    pub(super) snapshot: watch::Sender<Arc<Snapshot>>,
    pub(super) wake: Notify,
    pub(super) resolve: Arc<Notify>,
    /// The service config of the calls.
    pub(super) config: CurrentConfig,
    /// Whether the resolver has succeeded once.
    pub(super) resolved: AtomicBool,
    pub(super) activity: Activity,
    pub(super) metrics: Arc<Balancing>,
}

impl ChannelState {
    /// Makes the channel idle, without connections.
    pub(super) fn reset(&self) {
        let config = self.snapshot.borrow().config.clone();
        self.snapshot.send_replace(Arc::new(Snapshot::idle(config)));
        self.metrics.servers([0; 4], 0);
    }

    pub(super) fn publish(
        &self,
        state: State,
        picker: Picker,
        config: Arc<ServiceConfig>,
        servers: Vec<(Endpoint, State)>,
    ) {
        self.snapshot.send_replace(Arc::new(Snapshot { state, picker, config, servers }));
    }
}
