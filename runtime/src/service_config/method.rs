//! The settings for the calls of a method.

use std::time::Duration;

use super::{CallPolicy, HedgingPolicy, RetryPolicy};

/// The settings for the calls of a method.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct MethodConfig {
    pub(super) wait_for_ready: Option<bool>,
    pub(super) timeout: Option<Duration>,
    pub(super) max_request_message_bytes: Option<usize>,
    pub(super) max_response_message_bytes: Option<usize>,
    pub(super) policy: Option<CallPolicy>,
}

impl MethodConfig {
    /// An empty config.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Has calls wait while no server can be reached, instead of failing. A call can say otherwise.
    #[must_use]
    pub fn with_wait_for_ready(self, wait: bool) -> Self {
        Self { wait_for_ready: Some(wait), ..self }
    }

    /// Limits calls to this time. With a timeout of the call or channel too, the shorter one counts.
    #[must_use]
    pub fn with_timeout(self, timeout: Duration) -> Self {
        Self { timeout: Some(timeout), ..self }
    }

    /// The largest message to send, in bytes. With a limit of the call or channel too, the smaller one counts.
    #[must_use]
    pub fn with_max_request_message_bytes(self, limit: usize) -> Self {
        Self { max_request_message_bytes: Some(limit), ..self }
    }

    /// The largest message to receive, in bytes. With a limit of the call or channel too, the smaller one counts.
    #[must_use]
    pub fn with_max_response_message_bytes(self, limit: usize) -> Self {
        Self { max_response_message_bytes: Some(limit), ..self }
    }

    /// Makes calls again that fail; in place of hedging.
    #[must_use]
    pub fn with_retries(self, policy: RetryPolicy) -> Self {
        Self { policy: Some(CallPolicy::Retry(policy)), ..self }
    }

    /// Makes calls several times at once; in place of retries.
    #[must_use]
    pub fn with_hedging(self, policy: HedgingPolicy) -> Self {
        Self { policy: Some(CallPolicy::Hedge(policy)), ..self }
    }

    /// Whether calls wait while no server can be reached.
    #[must_use]
    pub fn wait_for_ready(&self) -> Option<bool> {
        self.wait_for_ready
    }

    /// The time that calls have at most.
    #[must_use]
    pub fn timeout(&self) -> Option<Duration> {
        self.timeout
    }

    /// The largest message to send, in bytes.
    #[must_use]
    pub fn max_request_message_bytes(&self) -> Option<usize> {
        self.max_request_message_bytes
    }

    /// The largest message to receive, in bytes.
    #[must_use]
    pub fn max_response_message_bytes(&self) -> Option<usize> {
        self.max_response_message_bytes
    }

    /// Whether and how a call is made more than once.
    #[must_use]
    pub fn policy(&self) -> Option<&CallPolicy> {
        self.policy.as_ref()
    }
}
