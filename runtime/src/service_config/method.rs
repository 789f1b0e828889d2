//! The config of a method.

use std::time::Duration;

use super::{CallPolicy, HedgingPolicy, RetryPolicy};

/// The config of a method's calls, in a [`ServiceConfig`](super::ServiceConfig).
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MethodConfig {
    pub(super) wait_for_ready: Option<bool>,
    pub(super) timeout: Option<Duration>,
    pub(super) max_request_message_bytes: Option<usize>,
    pub(super) max_response_message_bytes: Option<usize>,
    pub(super) policy: Option<CallPolicy>,
}

impl MethodConfig {
    /// Makes an empty config.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets whether calls wait while no server can be reached, instead of failing. `Call::wait_for_ready` overrides it. Default: `false`.
    #[must_use]
    pub fn with_wait_for_ready(self, wait: bool) -> Self {
        Self { wait_for_ready: Some(wait), ..self }
    }

    /// Limits the time of calls. If the call or channel has a timeout too, the shorter one applies. Default: no limit.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// Limits the size of a sent message, in bytes. If the call or channel has a limit too, the smaller one applies. Default: no other limit.
    #[must_use]
    pub fn with_max_request_message_bytes(self, limit: usize) -> Self {
        Self { max_request_message_bytes: Some(limit), ..self }
    }

    /// Limits the size of a received message, in bytes. If the call or channel has a limit too, the smaller one applies. Default: no other
    /// limit.
    #[must_use]
    pub fn with_max_response_message_bytes(self, limit: usize) -> Self {
        Self { max_response_message_bytes: Some(limit), ..self }
    }

    /// Sets the retry policy, in place of hedging. Default: none.
    #[must_use]
    pub fn with_retries(self, policy: RetryPolicy) -> Self {
        Self { policy: Some(CallPolicy::Retry(policy)), ..self }
    }

    /// Sets the hedging policy, in place of retries. Default: none.
    #[must_use]
    pub fn with_hedging(self, policy: HedgingPolicy) -> Self {
        Self { policy: Some(CallPolicy::Hedge(policy)), ..self }
    }

    /// Whether calls wait while no server can be reached.
    #[must_use]
    pub fn wait_for_ready(&self) -> Option<bool> {
        self.wait_for_ready
    }

    /// The timeout of calls.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The limit of a sent message, in bytes.
    #[must_use]
    pub fn max_request_message_bytes(&self) -> Option<usize> {
        self.max_request_message_bytes
    }

    /// The limit of a received message, in bytes.
    #[must_use]
    pub fn max_response_message_bytes(&self) -> Option<usize> {
        self.max_response_message_bytes
    }

    /// The retry or hedging policy.
    #[must_use]
    pub fn policy(&self) -> Option<&CallPolicy> {
        self.policy.as_ref()
    }
}
