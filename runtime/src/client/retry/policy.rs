//! Retry policies and throttling. Source: gRFC A6 (<https://github.com/grpc/proposal/blob/master/A6-client-retries.md>).

use std::sync::Arc;
use std::time::Duration;

use tonic::{Code, Status};

use super::pushback::{Pushback, pushback};
use crate::client::channel::ChannelSettings;
use crate::service_config::{CallPolicy, HedgingPolicy, LoadedConfig, MethodConfig, RetryPolicy, RetryTokens};
use crate::{Idempotency, MethodDescriptor};

/// The header with the number of earlier attempts.
pub(crate) const PREVIOUS_ATTEMPTS: &str = "grpc-previous-rpc-attempts";

/// The settings of a call from the service configs and the channel.
#[derive(Debug, Clone)]
pub(crate) struct Configured {
    method: Option<Arc<MethodConfig>>,
    /// The policy of `retry_idempotent`, if it applies to the method.
    idempotent: Option<Arc<RetryPolicy>>,
    /// The config whose retry tokens the call shares.
    throttling: Option<Arc<LoadedConfig>>,
    /// Whether retries and hedging are enabled.
    enabled: bool,
}

impl Configured {
    /// The channel's config applies, or else, if it does not mention the method, the config that the client was generated with. The tokens are
    /// those of the first of the two that has any.
    pub(crate) fn new(settings: &ChannelSettings, method: &MethodDescriptor) -> Self {
        let own = settings.service_config.as_ref().map(|source| source.current().load());
        let own_method = own.as_ref().and_then(|config| config.method(method.path()));
        let generated = settings.generated_config.as_ref().filter(|_| own_method.is_none());
        let config = own_method.or_else(|| generated?.method(method.path()));
        let throttling = own.iter().chain(generated).find(|config| config.tokens().is_some()).cloned();
        let has_policy = config.as_ref().is_some_and(|config| config.policy().is_some());
        let applies = !has_policy && method.idempotency() != Idempotency::Unknown;
        let idempotent = settings.retry_idempotent.clone().filter(|_| applies);
        Self { method: config, idempotent, throttling, enabled: !settings.retries_disabled }
    }

    pub(crate) fn method(&self) -> Option<&MethodConfig> {
        self.method.as_deref()
    }

    fn policy(&self) -> Option<&CallPolicy> {
        self.method()?.policy().filter(|_| self.enabled)
    }

    /// Whether the call may have several attempts.
    pub(crate) fn may_repeat(&self) -> bool {
        self.retries().is_some() || self.hedging().is_some()
    }

    fn retries(&self) -> Option<&RetryPolicy> {
        match self.policy() {
            Some(CallPolicy::Retry(policy)) => Some(policy),
            Some(CallPolicy::Hedge(_)) => None,
            None => self.idempotent.as_deref().filter(|_| self.enabled),
        }
    }

    pub(crate) fn hedging(&self) -> Option<&HedgingPolicy> {
        match self.policy()? {
            CallPolicy::Hedge(policy) => Some(policy),
            CallPolicy::Retry(_) => None,
        }
    }

    /// Returns tokens after a success.
    pub(crate) fn succeeded(&self) {
        if let Some(tokens) = self.tokens() {
            tokens.give();
        }
    }

    /// Takes a token after a failure with one of `codes`, or one that the server forbids to retry; returns whether there are tokens for another
    /// attempt.
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

/// The attempts that count towards a retry policy.
#[derive(Debug, Default)]
pub(crate) struct PolicyAttempts {
    /// The number of failed attempts.
    failed: u32,
    /// The number of backoffs since the last pushback.
    backoffs: u32,
}

impl PolicyAttempts {
    /// The number of earlier attempts.
    pub(crate) fn previous(&self) -> u32 {
        self.failed
    }

    /// The delay before the next attempt after a failure with `status`, or `None` if there is none.
    pub(crate) fn next(&mut self, status: &Status, configured: &Configured) -> Option<Duration> {
        let policy = configured.retries()?;
        self.failed += 1;
        let allowed = configured.failed(status, policy.retryable());
        // Before pushback, which does not make a code retryable.
        if !policy.retryable().contains(&status.code()) || !allowed || self.failed >= policy.max_attempts() {
            return None;
        }
        match pushback(status.metadata()) {
            Pushback::Stop => None,
            Pushback::After(pause) => {
                self.backoffs = 0;
                Some(pause)
            }
            Pushback::None => {
                let pause = policy.backoff(self.backoffs, fastrand::f64());
                self.backoffs += 1;
                Some(pause)
            }
        }
    }
}
