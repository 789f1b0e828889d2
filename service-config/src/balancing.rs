//! Load balancing policies.

use std::time::Duration;

/// A load balancing policy: how calls are distributed over the servers of a target.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadBalancing {
    /// One connection, to the first server that can be reached (gRFC A62).
    PickFirst {
        /// Whether to try the servers in random order.
        shuffle: bool,
    },
    /// Connections to all servers, which take calls in turn.
    RoundRobin,
    /// Connections to all servers. Each call goes to the server with the fewest active calls among a few random ones (gRFC A48).
    LeastRequest {
        /// The number of servers to choose from: 2 to 10.
        choices: u32,
    },
    /// Another policy, which leaves out servers that fail more often than the others (gRFC A50).
    OutlierDetection(Box<OutlierDetection>),
    /// Another policy, which uses only a subset of the servers (gRFC A68).
    RandomSubsetting(Box<RandomSubsetting>),
}

/// The subset of servers that a client connects to (gRFC A68).
///
/// Each client chooses its servers by rendezvous hashing, so that many clients together use all servers equally. When a server is added or
/// removed, at most one server of the subset changes. The choice depends on `rgrpc::balance::Target::client_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RandomSubsetting {
    /// The size of the subset: 1 or more. If there are fewer servers, the client uses all of them.
    pub subset_size: u32,
    /// The policy for the servers of the subset.
    pub child: LoadBalancing,
}

/// When a server is ejected because its calls fail (gRFC A50).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlierDetection {
    /// The time between evaluations of the servers. Default: 10 s.
    pub interval: Duration,
    /// How long a server is ejected the first time; the nth time in a row, it is n times as long. Default: 30 s.
    pub base_ejection_time: Duration,
    /// The longest time for which a server is ejected. Default: 300 s, or the base time if that is longer.
    pub max_ejection_time: Duration,
    /// The largest share of servers that may be ejected at a time, in percent; one server always may. Default: 10.
    pub max_ejection_percent: u32,
    /// Ejects servers by comparing them with the mean. Default: off.
    pub success_rate: Option<SuccessRate>,
    /// Ejects servers by a fixed threshold. Default: off.
    pub failure_percentage: Option<FailurePercentage>,
    /// The policy for the servers that are not ejected. Default: round robin.
    pub child: LoadBalancing,
}

impl Default for OutlierDetection {
    fn default() -> Self {
        Self {
            interval: Duration::from_secs(10),
            base_ejection_time: Duration::from_secs(30),
            max_ejection_time: Duration::from_secs(300),
            max_ejection_percent: 10,
            success_rate: None,
            failure_percentage: None,
            child: LoadBalancing::RoundRobin,
        }
    }
}

/// Ejects servers whose success rate is far below the mean of all servers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuccessRate {
    /// How far below, in thousandths of the standard deviation. Default: 1900.
    pub stdev_factor: u32,
    /// The chance that such a server is ejected, in percent. Default: 100.
    pub enforcement_percentage: u32,
    /// The number of servers that must have `request_volume` calls for any to be ejected. Default: 5.
    pub minimum_hosts: u32,
    /// The number of calls in an interval from which on a server is considered. Default: 100.
    pub request_volume: u32,
}

impl Default for SuccessRate {
    fn default() -> Self {
        Self { stdev_factor: 1900, enforcement_percentage: 100, minimum_hosts: 5, request_volume: 100 }
    }
}

/// Ejects servers of whose calls too many fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailurePercentage {
    /// The share of failed calls above which a server is ejected, in percent. Default: 85.
    pub threshold: u32,
    /// The chance that such a server is ejected, in percent. Default: 100.
    pub enforcement_percentage: u32,
    /// The number of servers that must have `request_volume` calls for any to be ejected. Default: 5.
    pub minimum_hosts: u32,
    /// The number of calls in an interval from which on a server is considered. Default: 50.
    pub request_volume: u32,
}

impl Default for FailurePercentage {
    fn default() -> Self {
        Self { threshold: 85, enforcement_percentage: 100, minimum_hosts: 5, request_volume: 50 }
    }
}
