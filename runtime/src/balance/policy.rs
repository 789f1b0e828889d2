//! What the service config, or the channel, says of how calls are spread: which subchannels there are, and who picks.

use super::{
    address::{Endpoint, interleave},
    pick::{First, LeastRequest, Pick, RoundRobin},
    subchannel::Start,
};
use crate::service_config::{LoadBalancing, OutlierDetection};
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
        if let Self::Configured(policy) = self
            && let LoadBalancing::PickFirst { shuffle: true } = innermost(policy)
        {
            fastrand::shuffle(&mut endpoints);
        }
        if self.is_pick_first() && !endpoints.is_empty() {
            return vec![Endpoint::new(interleave(&endpoints))];
        }
        let mut seen = std::collections::BTreeSet::new();
        endpoints.retain(|endpoint| !endpoint.addresses().is_empty() && seen.insert(endpoint.clone()));
        endpoints
    }

    /// How servers are judged by the ends of their calls, if they are.
    pub(super) fn outliers(&self) -> Option<&OutlierDetection> {
        match self {
            Self::Configured(LoadBalancing::OutlierDetection(outliers)) if !self.is_pick_first() => {
                Some(&**outliers).filter(|config| config.success_rate.is_some() || config.failure_percentage.is_some())
            }
            _ => None,
        }
    }

    fn is_pick_first(&self) -> bool {
        matches!(self, Self::Configured(policy) if matches!(innermost(policy), LoadBalancing::PickFirst { .. }))
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

/// The policy below those that only leave servers out.
fn innermost(policy: &LoadBalancing) -> &LoadBalancing {
    match policy {
        LoadBalancing::OutlierDetection(outliers) => innermost(&outliers.child),
        policy => policy,
    }
}

fn picker(policy: &LoadBalancing) -> Arc<dyn Pick> {
    match policy {
        LoadBalancing::RoundRobin => Arc::new(RoundRobin::new()),
        LoadBalancing::LeastRequest { choices } => Arc::new(LeastRequest { choices: *choices }),
        LoadBalancing::OutlierDetection(outliers) => picker(&outliers.child),
        // `pick_first`, gRPC's default.
        _ => Arc::new(First),
    }
}
