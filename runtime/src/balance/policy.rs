//! What the service config, or the channel, says of how calls are spread: which subchannels there are, and who picks.

use super::{
    address::{Endpoint, interleave},
    pick::{First, LeastRequest, Pick, RoundRobin},
    subchannel::Start,
};
use crate::service_config::LoadBalancing;
use std::sync::Arc;

/// How calls are spread over servers.
#[derive(Clone)]
pub(super) enum Policy {
    Configured(LoadBalancing),
    Custom(Arc<dyn Pick>),
}

impl Policy {
    pub(super) fn picker(&self) -> Arc<dyn Pick> {
        match self {
            Self::Custom(pick) => pick.clone(),
            Self::Configured(policy) => picker(policy),
        }
    }

    /// When the subchannels connect.
    pub(super) fn start(&self) -> Start {
        if self.is_pick_first() { Start::OnDemand } else { Start::Eager }
    }

    /// The servers that have a subchannel each.
    pub(super) fn subchannels(&self, mut endpoints: Vec<Endpoint>) -> Vec<Endpoint> {
        if let Self::Configured(LoadBalancing::PickFirst { shuffle: true }) = self {
            fastrand::shuffle(&mut endpoints);
        }
        if self.is_pick_first() && !endpoints.is_empty() {
            return vec![Endpoint::new(interleave(&endpoints))];
        }
        let mut seen = std::collections::BTreeSet::new();
        endpoints.retain(|endpoint| !endpoint.addresses().is_empty() && seen.insert(endpoint.clone()));
        endpoints
    }

    fn is_pick_first(&self) -> bool {
        matches!(self, Self::Configured(LoadBalancing::PickFirst { .. }))
    }
}

impl PartialEq for Policy {
    fn eq(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Configured(a), Self::Configured(b)) => a == b,
            (Self::Custom(a), Self::Custom(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }
}

fn picker(policy: &LoadBalancing) -> Arc<dyn Pick> {
    match policy {
        LoadBalancing::PickFirst { .. } => Arc::new(First),
        LoadBalancing::RoundRobin => Arc::new(RoundRobin::new()),
        LoadBalancing::LeastRequest { choices } => Arc::new(LeastRequest { choices: *choices }),
        LoadBalancing::OutlierDetection(outliers) => picker(&outliers.child),
    }
}
