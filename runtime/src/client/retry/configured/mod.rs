//! Applies the service configs of a channel and its client to a call.

use std::time::Duration;

#[cfg(feature = "balance")]
use tonic::Status;

use super::policy::Configured;
use super::replay::Superseded;
use crate::client::call::PreparedCall;
#[cfg(feature = "balance")]
use crate::client::channel::ConfigSource;
#[cfg(feature = "balance")]
use crate::deadline::termination::Termination;
use crate::intercept::Cause;
use crate::service_config::HedgingPolicy;

impl PreparedCall {
    /// Waits until the resolver of the channel has found a service config, within the deadline of the call.
    #[cfg(feature = "balance")]
    pub(crate) async fn await_config(&mut self) -> Result<(), Status> {
        let balanced = match &self.channel.settings().service_config {
            Some(ConfigSource::Balanced(balanced)) if !balanced.is_resolved() && self.refused.is_none() => {
                balanced.clone()
            }
            _ => return Ok(()),
        };
        self.deadline = self.own_deadline();
        Termination::at(self.deadline).limit(Box::pin(balanced.resolved(&self.extensions)).as_mut()).await
    }

    /// Applies the service configs. Of their size limits and those of the program, "the actual value used is the minimum".
    pub(crate) fn configure(&mut self) {
        let settings = self.channel.settings();
        if !settings.are_configured() {
            return;
        }
        let configured = Configured::new(settings, self.method);
        let smaller = |ours: Option<usize>, theirs: Option<usize>| match (ours, theirs) {
            (Some(ours), Some(theirs)) if ours <= theirs => None,
            (_, theirs) => theirs,
        };
        if let Some(method) = configured.method() {
            let sent = smaller(settings.messages.max_sent, method.max_request_message_bytes());
            let received = smaller(settings.messages.max_received, method.max_response_message_bytes());
            if let Some(limit) = sent {
                self.channel = self.channel.clone().max_encoding_message_size(limit);
            }
            if let Some(limit) = received {
                self.channel = self.channel.clone().max_decoding_message_size(limit);
            }
            #[cfg(feature = "balance")]
            if let Some(wait) = method.wait_for_ready() {
                crate::balance::default_wait_for_ready(&mut self.extensions, wait);
            }
        }
        #[cfg(feature = "balance")]
        if configured.may_repeat() {
            self.extensions.insert(crate::balance::TriedServers::default());
        }
        self.configured = Some(configured);
    }

    pub(crate) fn configured_timeout(&self) -> Option<Duration> {
        self.configured.as_ref()?.method()?.timeout()
    }

    /// Whether a service config or policy may apply to the call.
    pub(crate) fn is_configured(&self) -> bool {
        self.channel.settings().are_configured()
    }

    /// Whether the call may have several attempts.
    pub(crate) fn may_repeat(&self) -> bool {
        self.configured.as_ref().is_some_and(Configured::may_repeat)
    }

    /// Records the success of the call for retry throttling.
    pub(crate) fn succeeded(&self) {
        if let Some(configured) = &self.configured {
            configured.succeeded();
        }
    }

    /// The hedging policy of the call.
    pub(crate) fn hedging(&self) -> Option<(Configured, HedgingPolicy)> {
        let configured = self.configured.as_ref()?;
        Some((configured.clone(), configured.hedging()?.clone()))
    }

    /// A copy of the call for a parallel attempt, if its requests are still buffered; and the signal that ends the attempt.
    pub(crate) fn parallel(&self, previous_attempts: u32, cause: Cause) -> Option<(Self, Option<Superseded>)> {
        let (requests, superseded) = self.requests.for_hedge()?;
        let (metadata, extensions) = (self.metadata.clone(), self.extensions.clone());
        let call = Self::new(self.channel.clone(), self.method, metadata, extensions, requests);
        let (compressing, deadline) = (self.compressing.clone(), self.deadline);
        let (configured, on_attempt) = (self.configured.clone(), self.on_attempt.clone());
        Some((Self { compressing, deadline, on_attempt, cause, configured, previous_attempts, ..call }, superseded))
    }
}
