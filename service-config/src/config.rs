//! The settings of a service config.

use std::time::Duration;

use crate::{LoadBalancing, Problem, RetryThrottling};

/// The most attempts of a call. gRFC A6: "Values greater than 5 are treated as 5 without being considered a validation error."
pub const MAX_ATTEMPTS: u32 = 5;

/// A parsed service config.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The entries of `methodConfig`.
    pub methods: Vec<Entry>,
    /// When the channel stops to retry and to hedge.
    pub retry_throttling: Option<RetryThrottling>,
    /// The load balancing policy.
    pub load_balancing: Option<LoadBalancing>,
    /// The service whose health is checked on each server.
    pub health_check: Option<String>,
    /// The fields and names that were ignored, but probably by mistake: unknown fields that resemble a known one, and names that are
    /// repeated in a GAPIC config.
    pub ignored: Vec<Problem>,
}

/// An entry of `methodConfig`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The methods that the entry applies to; if empty, it applies to none.
    pub names: Vec<Name>,
    /// The settings of these methods.
    pub method: Method,
}

/// A method, a whole service, or all methods.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The full name of the service; empty for all methods of all services.
    pub service: String,
    /// The method; empty for all methods of the service.
    pub method: String,
    /// The path of the name in the JSON: `.methodConfig[0].name[1]`.
    pub path: String,
    /// The offset of the name in the JSON, in bytes; [`position`](crate::position) converts it to a line and a column.
    pub offset: usize,
}

impl Name {
    /// Returns the path of the method: `/service/method`, `/service/` for a whole service, or an empty string for all methods.
    #[must_use]
    pub fn method_path(&self) -> String {
        if self.service.is_empty() { String::new() } else { format!("/{}/{}", self.service, self.method) }
    }
}

/// The settings of a method. `None` leaves a setting to the client.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Method {
    /// Whether calls wait while no server can be reached, instead of failing.
    pub wait_for_ready: Option<bool>,
    /// The longest time that a call may take.
    pub timeout: Option<Duration>,
    /// The largest request message, in bytes.
    pub max_request_message_bytes: Option<usize>,
    /// The largest response message, in bytes.
    pub max_response_message_bytes: Option<usize>,
    /// Whether calls are retried or hedged.
    pub policy: Option<Policy>,
}

/// How a call is attempted more than once.
#[derive(Debug, Clone, PartialEq)]
pub enum Policy {
    /// One attempt after another.
    Retry(Retry),
    /// Several attempts in parallel.
    Hedge(Hedging),
}

/// When a failed call is retried.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// The most attempts, the first one included: 2 to [`MAX_ATTEMPTS`].
    pub max_attempts: u32,
    /// The backoff before the first retry.
    pub initial_backoff: Duration,
    /// The longest backoff.
    pub max_backoff: Duration,
    /// The factor by which the backoff grows with each retry.
    pub backoff_multiplier: f64,
    /// The numbers of the status codes that are retried.
    pub retryable: Vec<i32>,
}

/// When a call is attempted several times in parallel.
#[derive(Debug, Clone, PartialEq)]
pub struct Hedging {
    /// The most attempts, the first one included: 2 to [`MAX_ATTEMPTS`].
    pub max_attempts: u32,
    /// The time from the start of one attempt to that of the next.
    pub delay: Duration,
    /// The numbers of the status codes that do not end the call while attempts are left.
    pub non_fatal: Vec<i32>,
}
