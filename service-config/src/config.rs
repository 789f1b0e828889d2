//! A parsed service config.

use std::time::Duration;

use crate::{LoadBalancing, Problem, RetryThrottling};

/// "Values greater than 5 are treated as 5 without being considered a validation error."
pub const MOST_ATTEMPTS: u32 = 5;

/// A parsed service config.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Config {
    /// The entries of `methodConfig`.
    pub methods: Vec<Entry>,
    /// When retries and hedging stop.
    pub retry_throttling: Option<RetryThrottling>,
    /// How calls are spread over servers.
    pub load_balancing: Option<LoadBalancing>,
    /// The service whose health servers are asked for.
    pub health_check: Option<String>,
    /// Fields that were ignored although they were probably meant: unknown fields that look like a known one.
    pub ignored: Vec<Problem>,
}

/// An entry of `methodConfig`.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The methods that it is about; none means none.
    pub names: Vec<Name>,
    /// The settings for them.
    pub method: Method,
}

/// A method, a service or everything.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Name {
    /// The full name of a service; empty for all methods of all services.
    pub service: String,
    /// A method of the service; empty for all of them.
    pub method: String,
    /// The path to it in the JSON: `.methodConfig[0].name[1]`.
    pub path: String,
    /// How many bytes of the JSON are before it; [`position`](crate::position) makes a line and a column of it.
    pub at: usize,
}

impl Name {
    /// The path of the method: `/service/method`, `/service/` for a whole service, and nothing for all methods.
    #[must_use]
    pub fn method_path(&self) -> String {
        if self.service.is_empty() { String::new() } else { format!("/{}/{}", self.service, self.method) }
    }
}

/// The settings for the calls of a method.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Method {
    /// Whether calls wait while no server can be reached.
    pub wait_for_ready: Option<bool>,
    /// The time that calls have at most.
    pub timeout: Option<Duration>,
    /// The largest message to send, in bytes.
    pub max_request_message_bytes: Option<usize>,
    /// The largest message to receive, in bytes.
    pub max_response_message_bytes: Option<usize>,
    /// Whether and how a call is made more than once.
    pub policy: Option<Policy>,
}

/// How a call is made more than once.
#[derive(Debug, Clone, PartialEq)]
pub enum Policy {
    /// One attempt after the other.
    Retry(Retry),
    /// Several attempts at once.
    Hedge(Hedging),
}

/// When a call that failed is made again.
#[derive(Debug, Clone, PartialEq)]
pub struct Retry {
    /// The most attempts, the first one included: 2 to [`MOST_ATTEMPTS`].
    pub max_attempts: u32,
    /// The first pause.
    pub initial_backoff: Duration,
    /// The longest pause.
    pub max_backoff: Duration,
    /// How many times as long as the one before each pause is.
    pub backoff_multiplier: f64,
    /// The numbers of the statuses after which a call is made again.
    pub retryable: Vec<i32>,
}

/// When a call is made several times at once.
#[derive(Debug, Clone, PartialEq)]
pub struct Hedging {
    /// The most attempts, the first one included: 2 to [`MOST_ATTEMPTS`].
    pub max_attempts: u32,
    /// How long an attempt has before the next one starts.
    pub delay: Duration,
    /// The numbers of the statuses that do not end the call.
    pub non_fatal: Vec<i32>,
}
