//! How calls are spread over servers, and which servers are left out for a while.

use std::time::Duration;

/// How calls are spread over the servers that a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadBalancing {
    /// One connection, to the first server that answers (gRFC A62).
    PickFirst {
        /// Whether to try the servers in random order.
        shuffle: bool,
    },
    /// Connections to all servers, which take turns.
    RoundRobin,
    /// Connections to all servers, of which a few are drawn at random for each call; the one with the fewest calls under way takes it
    /// (gRFC A48).
    LeastRequest {
        /// How many are drawn: 2 to 10.
        choices: u32,
    },
    /// Another policy, without the servers that fail more often than the others (gRFC A50).
    OutlierDetection(Box<OutlierDetection>),
    /// Another policy, over a few of many servers (gRFC A68).
    RandomSubsetting(Box<RandomSubsetting>),
}

/// Which of many servers a client connects to (gRFC A68).
///
/// Each client chooses for itself, by rendezvous hashing, so that many clients together use all servers alike. A server that comes or
/// goes changes one of a client's servers at most. Which ones they are follows from
/// `rgrpc::balance::Target::client_id`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RandomSubsetting {
    /// How many servers: 1 or more. Where there are fewer, it is all of them.
    pub subset_size: u32,
    /// The policy that these are under.
    pub child: LoadBalancing,
}

/// When a server is left out because its calls fail (gRFC A50).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OutlierDetection {
    /// How often servers are judged. Default: 10 s.
    pub interval: Duration,
    /// How long a server is left out the first time; the nth time in a row it is n times as long. Default: 30 s.
    pub base_ejection_time: Duration,
    /// How long a server is left out at most. Default: 300 s, or the base time if that is longer.
    pub max_ejection_time: Duration,
    /// How much of the servers may be left out at the same time, in percent; it is one in any case. Default: 10.
    pub max_ejection_percent: u32,
    /// Judges servers by their distance from the mean of all. Default: does not.
    pub success_rate: Option<SuccessRate>,
    /// Judges servers by a limit. Default: does not.
    pub failure_percentage: Option<FailurePercentage>,
    /// The policy that the other servers are under. Default: round robin.
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

/// Leaves out servers whose rate of successes is far below the mean of all.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SuccessRate {
    /// How far, in thousandths of the standard deviation. Default: 1900.
    pub stdev_factor: u32,
    /// The chance that such a server is left out, in percent. Default: 100.
    pub enforcement_percentage: u32,
    /// How many servers must have enough calls for any to be judged. Default: 5.
    pub minimum_hosts: u32,
    /// How many calls in an interval are enough. Default: 100.
    pub request_volume: u32,
}

impl Default for SuccessRate {
    fn default() -> Self {
        Self { stdev_factor: 1900, enforcement_percentage: 100, minimum_hosts: 5, request_volume: 100 }
    }
}

/// Leaves out servers of whose calls too many fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FailurePercentage {
    /// How many, in percent; a server is left out above that. Default: 85.
    pub threshold: u32,
    /// The chance that such a server is left out, in percent. Default: 100.
    pub enforcement_percentage: u32,
    /// How many servers must have enough calls for any to be judged. Default: 5.
    pub minimum_hosts: u32,
    /// How many calls in an interval are enough. Default: 50.
    pub request_volume: u32,
}

impl Default for FailurePercentage {
    fn default() -> Self {
        Self { threshold: 85, enforcement_percentage: 100, minimum_hosts: 5, request_volume: 50 }
    }
}
