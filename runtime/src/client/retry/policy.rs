//! Decides by the retry policy of a method whether and when a call is made again.
//!
//! Source: gRFC A6 (<https://github.com/grpc/proposal/blob/master/A6-client-retries.md>).

use std::sync::Arc;
use std::time::Duration;

use tonic::{Code, Status};

use super::pushback::{Pushback, pushback};
use crate::client::channel::ChannelSettings;
use crate::service_config::{CallPolicy, HedgingPolicy, Loaded, MethodConfig, RetryPolicy, RetryTokens};
use crate::{Idempotency, MethodDescriptor};

/// The header with the number of attempts before this one.
pub(crate) const PREVIOUS_ATTEMPTS: &str = "grpc-previous-rpc-attempts";

/// The policy of a call, from the service configs and from the channel.
#[derive(Debug, Clone)]
pub(crate) struct Configured {
    method: Option<Arc<MethodConfig>>,
    /// The policy of a method that may be called again and has no other.
    idempotent: Option<Arc<RetryPolicy>>,
    /// The config whose tokens the call shares.
    throttling: Option<Arc<Loaded>>,
    /// Whether the call may be made more than once.
    repeats: bool,
}

impl Configured {
    /// Where the channel's own config says nothing of the method, the one that the client was generated with holds; then calls share its
    /// tokens too, unless the channel's own has some.
    pub(crate) fn new(settings: &ChannelSettings, method: &MethodDescriptor) -> Self {
        let own = settings.service_config.as_ref().map(|source| source.current().load());
        let own_method = own.as_ref().and_then(|config| config.method(method.path()));
        let generated = settings.generated_config.as_ref().filter(|_| own_method.is_none());
        let config = own_method.or_else(|| generated?.method(method.path()));
        let throttling = own.iter().chain(generated).find(|config| config.tokens().is_some()).cloned();
        let has_policy = config.as_ref().is_some_and(|config| config.policy().is_some());
        let widens = !has_policy && method.idempotency() != Idempotency::Unknown;
        let idempotent = settings.retry_idempotent.clone().filter(|_| widens);
        Self { method: config, idempotent, throttling, repeats: !settings.never_repeats }
    }

    pub(crate) fn method(&self) -> Option<&MethodConfig> {
        self.method.as_deref()
    }

    fn policy(&self) -> Option<&CallPolicy> {
        self.method()?.policy().filter(|_| self.repeats)
    }

    pub(crate) fn repeats(&self) -> bool {
        self.retries().is_some() || self.hedging().is_some()
    }

    fn retries(&self) -> Option<&RetryPolicy> {
        match self.policy() {
            Some(CallPolicy::Retry(policy)) => Some(policy),
            Some(CallPolicy::Hedge(_)) => None,
            None => self.idempotent.as_deref().filter(|_| self.repeats),
        }
    }

    pub(crate) fn hedging(&self) -> Option<&HedgingPolicy> {
        match self.policy()? {
            CallPolicy::Hedge(policy) => Some(policy),
            CallPolicy::Retry(_) => None,
        }
    }

    /// Counts a call that succeeded.
    pub(crate) fn succeeded(&self) {
        if let Some(tokens) = self.tokens() {
            tokens.give();
        }
    }

    /// Counts a failure, if it is one that would be followed by another attempt, or the server forbids that; gives whether there are
    /// tokens for another.
    pub(crate) fn failed(&self, status: &Status, codes: &[Code]) -> bool {
        let Some(tokens) = self.tokens() else { return true };
        if codes.contains(&status.code()) || pushback(status.metadata()) == Pushback::Stop {
            tokens.take();
        }
        tokens.allow()
    }

    /// Whether there are tokens for another attempt.
    pub(crate) fn allows(&self) -> bool {
        self.tokens().is_none_or(RetryTokens::allow)
    }

    fn tokens(&self) -> Option<&RetryTokens> {
        self.throttling.as_ref()?.tokens()
    }
}

/// The attempts that count towards the policy.
#[derive(Debug, Default)]
pub(crate) struct PolicyAttempts {
    /// How many failed.
    failed: u32,
    /// How many pauses there were since the server last said how long to wait.
    pauses: u32,
}

impl PolicyAttempts {
    /// How many attempts there were before.
    pub(crate) fn previous(&self) -> u32 {
        self.failed
    }

    /// The pause before the next attempt, if there is to be one after a failure with `status`.
    pub(crate) fn next(&mut self, status: &Status, configured: &Configured) -> Option<Duration> {
        let policy = configured.retries()?;
        self.failed += 1;
        let allowed = configured.failed(status, policy.retryable());
        // "Pushback does not make a code retryable": the policy's codes are looked at first.
        if !policy.retryable().contains(&status.code()) || !allowed || self.failed >= policy.max_attempts() {
            return None;
        }
        match pushback(status.metadata()) {
            Pushback::Stop => None,
            Pushback::After(pause) => {
                self.pauses = 0;
                Some(pause)
            }
            Pushback::Silent => {
                let pause = policy.backoff(self.pauses, fastrand::f64());
                self.pauses += 1;
                Some(pause)
            }
        }
    }
}
