//! Retry and hedging policies. Source: gRFC A6.

use std::time::Duration;

use rgrpc_service_config::MAX_ATTEMPTS;
use tonic::Code;

/// The retry or hedging policy of a method.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CallPolicy {
    /// Attempts one after the other.
    Retry(RetryPolicy),
    /// Attempts in parallel.
    Hedge(HedgingPolicy),
}

/// A retry policy: sends a call again when it fails.
///
/// The backoff before the nth retry is `min(initial * multiplier^(n-1), max)`, plus or minus 20 %.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    pub(super) max_attempts: u32,
    pub(super) initial_backoff: Duration,
    pub(super) max_backoff: Duration,
    pub(super) backoff_multiplier: f64,
    pub(super) retryable: Vec<Code>,
}

impl RetryPolicy {
    /// Makes a policy of at most `max_attempts` attempts, including the first, which retries failures with one of `retryable`.
    ///
    /// More than 5 attempts count as 5, the cap of gRFC A6. The default backoff starts at 100 ms and doubles up to 1 s.
    ///
    /// # Panics
    ///
    /// If `max_attempts` is less than 2, or there are no codes.
    #[must_use]
    pub fn new(max_attempts: u32, retryable: impl IntoIterator<Item = Code>) -> Self {
        let retryable: Vec<_> = retryable.into_iter().collect();
        assert!(max_attempts >= 2, "a retry policy makes at least 2 attempts");
        assert!(!retryable.is_empty(), "a retry policy needs at least one status code");
        Self {
            max_attempts: max_attempts.min(MAX_ATTEMPTS),
            initial_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            backoff_multiplier: 2.0,
            retryable,
        }
    }

    /// Sets the first backoff, the longest one, and the factor between two. Default: 100 ms, 1 s and 2.
    ///
    /// # Panics
    ///
    /// If one of them is not greater than 0, or `multiplier` is not finite.
    #[must_use]
    pub fn with_backoff(self, initial: Duration, max: Duration, multiplier: f64) -> Self {
        let positive = !initial.is_zero() && !max.is_zero() && multiplier > 0.0 && multiplier.is_finite();
        assert!(positive, "the backoff of a retry policy is greater than 0");
        Self { initial_backoff: initial, max_backoff: max, backoff_multiplier: multiplier, ..self }
    }

    /// The maximum number of attempts, including the first: 2 to 5.
    #[must_use]
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The backoff before the first retry, plus or minus 20 %.
    #[must_use]
    pub fn initial_backoff(&self) -> Duration {
        self.initial_backoff
    }

    /// The longest backoff, plus or minus 20 %.
    #[must_use]
    pub fn max_backoff(&self) -> Duration {
        self.max_backoff
    }

    /// The factor between a backoff and the one before.
    #[must_use]
    pub fn backoff_multiplier(&self) -> f64 {
        self.backoff_multiplier
    }

    /// The status codes that are retried.
    #[must_use]
    pub fn retryable(&self) -> &[Code] {
        &self.retryable
    }

    /// The backoff before the nth retry, counted from 0. `random`, from 0 to 1, is the jitter.
    pub(crate) fn backoff(&self, nth: u32, random: f64) -> Duration {
        let growth = self.backoff_multiplier.powi(nth.try_into().unwrap_or(i32::MAX));
        let seconds = (self.initial_backoff.as_secs_f64() * growth).min(self.max_backoff.as_secs_f64());
        Duration::try_from_secs_f64(seconds * (0.8 + 0.4 * random)).unwrap_or(self.max_backoff)
    }
}

/// A hedging policy: sends several attempts of a call in parallel, so that one slow server does not delay it.
///
/// Servers may complete several of the attempts, so hedging is for methods that may be executed more than once.
#[derive(Debug, Clone, PartialEq)]
pub struct HedgingPolicy {
    pub(super) max_attempts: u32,
    pub(super) delay: Duration,
    pub(super) non_fatal: Vec<Code>,
}

impl HedgingPolicy {
    /// Makes a policy that starts another attempt after each `delay` without a response, up to `max_attempts` including the first.
    ///
    /// More than 5 attempts count as 5, the cap of gRFC A6. A delay of 0 starts all attempts at once.
    ///
    /// # Panics
    ///
    /// If `max_attempts` is less than 2.
    #[must_use]
    pub fn new(max_attempts: u32, delay: Duration) -> Self {
        assert!(max_attempts >= 2, "a hedging policy makes at least 2 attempts");
        Self { max_attempts: max_attempts.min(MAX_ATTEMPTS), delay, non_fatal: Vec::new() }
    }

    /// Sets the status codes that do not end the call: the next attempt starts at once. Default: none, so that any failure ends the call.
    #[must_use]
    pub fn with_non_fatal(self, codes: impl IntoIterator<Item = Code>) -> Self {
        Self { non_fatal: codes.into_iter().collect(), ..self }
    }

    /// The maximum number of attempts, including the first: 2 to 5.
    #[must_use]
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The delay between the starts of two attempts.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// The status codes that do not end the call.
    #[must_use]
    pub fn non_fatal(&self) -> &[Code] {
        &self.non_fatal
    }
}
