//! The load balancing policy of a channel: which subchannels it has, and how one is picked.

use std::collections::BTreeSet;
use std::iter::successors;
use std::sync::Arc;

use super::Endpoint;
use super::pick::{First, LeastRequest, Pick, RoundRobin};
use super::subchannel::Start;
use super::subset::subset;
use crate::client::connection::happy_eyeballs::interleave;
use crate::service_config::{LoadBalancing, OutlierDetection};

/// A load balancing policy.
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

    /// The endpoints that get a subchannel each, without duplicates and, with random subsetting, those that `seed` selects.
    pub(super) fn subchannels(&self, mut endpoints: Vec<Endpoint>, seed: u64) -> Vec<Endpoint> {
        let mut listed = BTreeSet::new();
        endpoints.retain(|endpoint| !endpoint.addresses().is_empty() && listed.insert(endpoint.clone()));
        for policy in self.levels() {
            if let LoadBalancing::RandomSubsetting(subsetting) = policy {
                let size = subsetting.subset_size.try_into().unwrap_or(usize::MAX);
                endpoints = subset(endpoints, size, seed);
            }
        }
        if let Self::Configured(policy) = self
            && let LoadBalancing::PickFirst { shuffle: true } = innermost(policy)
        {
            fastrand::shuffle(&mut endpoints);
        }
        if self.is_pick_first() && !endpoints.is_empty() {
            return vec![Endpoint::new(interleave(&endpoints.iter().flat_map(Endpoint::addresses)))];
        }
        endpoints
    }

    /// The config of outlier detection, if it is on.
    pub(super) fn outliers(&self) -> Option<&OutlierDetection> {
        let outliers = self.levels().find_map(|policy| match policy {
            LoadBalancing::OutlierDetection(outliers) => Some(&**outliers),
            _ => None,
        });
        outliers
            .filter(|config| config.success_rate.is_some() || config.failure_percentage.is_some())
            .filter(|_| !self.is_pick_first())
    }

    /// The policy and its children, from the outermost.
    fn levels(&self) -> impl Iterator<Item = &LoadBalancing> {
        let outermost = match self {
            Self::Configured(policy) => Some(policy),
            Self::Custom(_) => None,
        };
        successors(outermost, |policy| child(policy))
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

/// The child of a policy that only filters servers.
fn child(policy: &LoadBalancing) -> Option<&LoadBalancing> {
    match policy {
        LoadBalancing::OutlierDetection(outliers) => Some(&outliers.child),
        LoadBalancing::RandomSubsetting(subsetting) => Some(&subsetting.child),
        _ => None,
    }
}

fn innermost(policy: &LoadBalancing) -> &LoadBalancing {
    child(policy).map_or(policy, innermost)
}

fn picker(policy: &LoadBalancing) -> Arc<dyn Pick> {
    match innermost(policy) {
        LoadBalancing::RoundRobin => Arc::new(RoundRobin::new()),
        LoadBalancing::LeastRequest { choices } => Arc::new(LeastRequest { choices: *choices }),
        // `pick_first`, gRPC's default.
        _ => Arc::new(First),
    }
}
