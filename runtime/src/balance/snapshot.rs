//! The state that a channel publishes to its calls: whom they may be sent to now, or whether to wait or to fail.

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

/// The state that a call reads when it starts.
#[derive(Clone)]
pub(super) struct Snapshot {
    pub(super) state: State,
    pub(super) picker: Picker,
    pub(super) config: Arc<ServiceConfig>,
    pub(super) servers: Vec<(Endpoint, State)>,
}

#[derive(Clone)]
pub(super) enum Picker {
    /// Wake the channel, and wait.
    Wake,
    /// Wait.
    Wait,
    /// Use one of these.
    Pick(Arc<[Backend]>, Arc<dyn Pick>),
    /// Fail, unless the call was told to wait.
    Fail(Arc<str>),
}

impl Snapshot {
    pub(super) fn idle(config: Arc<ServiceConfig>) -> Self {
        Self { state: State::Idle, picker: Picker::Wake, config, servers: Vec::new() }
    }
}

/// The state that a channel and its calls share.
pub(super) struct ChannelState {
    pub(super) settings: TargetSettings,
    pub(super) snapshot: watch::Sender<Arc<Snapshot>>,
    pub(super) wake: Notify,
    pub(super) resolve: Arc<Notify>,
    /// The service config of calls over this transport.
    pub(super) config: CurrentConfig,
    /// Whether the resolver has ever found anything.
    pub(super) resolved: AtomicBool,
    pub(super) activity: Activity,
    pub(super) counted: Arc<Balancing>,
}

impl ChannelState {
    /// Forgets what a runtime that is gone had connected.
    pub(super) fn reset(&self) {
        let config = self.snapshot.borrow().config.clone();
        self.snapshot.send_replace(Arc::new(Snapshot::idle(config)));
        self.counted.servers([0; 4], 0);
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
