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
    /// Waits until the resolver of the channel has said what calls are held to. That counts towards the call's own deadline.
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

    /// Settles what the service configs say of the call. Their limits of size hold beside those that the program has set: "the actual
    /// value used is the minimum".
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
        if configured.repeats() {
            self.extensions.insert(crate::balance::TriedServers::default());
        }
        self.configured = Some(configured);
    }

    pub(crate) fn configured_timeout(&self) -> Option<Duration> {
        self.configured.as_ref()?.method()?.timeout()
    }

    /// Whether anything beside the call itself says how it behaves.
    pub(crate) fn is_configured(&self) -> bool {
        self.channel.settings().are_configured()
    }

    /// Whether the call may be made more than once.
    pub(crate) fn repeats(&self) -> bool {
        self.configured.as_ref().is_some_and(Configured::repeats)
    }

    /// Counts the call's success.
    pub(crate) fn succeeded(&self) {
        if let Some(configured) = &self.configured {
            configured.succeeded();
        }
    }

    /// The policy by which the call is made several times at once.
    pub(crate) fn hedging(&self) -> Option<(Configured, HedgingPolicy)> {
        let configured = self.configured.as_ref()?;
        Some((configured.clone(), configured.hedging()?.clone()))
    }

    /// The same call, to be made beside others as long as all of its requests are kept; and what tells it to end.
    pub(crate) fn beside(&self, previous_attempts: u32, cause: Cause) -> Option<(Self, Option<Superseded>)> {
        let (requests, superseded) = self.requests.beside()?;
        let (metadata, extensions) = (self.metadata.clone(), self.extensions.clone());
        let call = Self::new(self.channel.clone(), self.method, metadata, extensions, requests);
        let (compressing, deadline) = (self.compressing.clone(), self.deadline);
        let (configured, on_attempt) = (self.configured.clone(), self.on_attempt.clone());
        Some((Self { compressing, deadline, on_attempt, cause, configured, previous_attempts, ..call }, superseded))
    }
}
