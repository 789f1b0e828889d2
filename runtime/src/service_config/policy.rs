//! Policies for calls that are made more than once. Source: gRFC A6.

use std::time::Duration;

use rgrpc_service_config::MOST_ATTEMPTS;
use tonic::Code;

/// How a call is made more than once.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CallPolicy {
    /// One attempt after the other.
    Retry(RetryPolicy),
    /// Several attempts at once.
    Hedge(HedgingPolicy),
}

/// When to make a call again that failed.
///
/// The nth attempt after the first starts `min(initial * multiplier^(n-1), max)` after the failure of the one before, give or take 20 %.
#[derive(Debug, Clone, PartialEq)]
pub struct RetryPolicy {
    pub(super) max_attempts: u32,
    pub(super) initial_backoff: Duration,
    pub(super) max_backoff: Duration,
    pub(super) backoff_multiplier: f64,
    pub(super) retryable: Vec<Code>,
}

impl RetryPolicy {
    /// Makes at most `max_attempts` attempts, the first one included, as long as they fail with one of `retryable`.
    ///
    /// More than 5 attempts count as 5: gRFC A6 caps what a config can do to a server. The pauses
    /// between them grow from 100 ms to 1 s, twofold each time.
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
            max_attempts: max_attempts.min(MOST_ATTEMPTS),
            initial_backoff: Duration::from_millis(100),
            max_backoff: Duration::from_secs(1),
            backoff_multiplier: 2.0,
            retryable,
        }
    }

    /// Sets the first pause, the longest one, and by how much each is longer than the one before.
    ///
    /// # Panics
    ///
    /// If one of them is not greater than 0.
    #[must_use]
    pub fn with_backoff(self, initial: Duration, max: Duration, multiplier: f64) -> Self {
        let positive = !initial.is_zero() && !max.is_zero() && multiplier > 0.0 && multiplier.is_finite();
        assert!(positive, "the backoff of a retry policy is greater than 0");
        Self { initial_backoff: initial, max_backoff: max, backoff_multiplier: multiplier, ..self }
    }

    /// The most attempts of a call, the first one included: 2 to 5.
    #[must_use]
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// The pause before the second attempt, give or take 20 %.
    #[must_use]
    pub fn initial_backoff(&self) -> Duration {
        self.initial_backoff
    }

    /// The longest pause, give or take 20 %.
    #[must_use]
    pub fn max_backoff(&self) -> Duration {
        self.max_backoff
    }

    /// How many times as long as the one before each pause is.
    #[must_use]
    pub fn backoff_multiplier(&self) -> f64 {
        self.backoff_multiplier
    }

    /// The statuses after which a call is made again.
    #[must_use]
    pub fn retryable(&self) -> &[Code] {
        &self.retryable
    }

    /// The pause after the nth retry, counted from 0; `random`, from 0 to 1, is the jitter.
    pub(crate) fn backoff(&self, nth: u32, random: f64) -> Duration {
        let growth = self.backoff_multiplier.powi(nth.try_into().unwrap_or(i32::MAX));
        let seconds = (self.initial_backoff.as_secs_f64() * growth).min(self.max_backoff.as_secs_f64());
        Duration::try_from_secs_f64(seconds * (0.8 + 0.4 * random)).unwrap_or(self.max_backoff)
    }
}

/// How to make a call several times at once, so that one slow server does not hold it up.
///
/// Every attempt may run to its end on a server, so hedging is for methods that may be called more than once.
#[derive(Debug, Clone, PartialEq)]
pub struct HedgingPolicy {
    pub(super) max_attempts: u32,
    pub(super) delay: Duration,
    pub(super) non_fatal: Vec<Code>,
}

impl HedgingPolicy {
    /// Starts another attempt whenever `delay` has passed without a response, at most `max_attempts` with the first.
    ///
    /// More than 5 attempts count as 5; a delay of 0 starts all at once.
    ///
    /// # Panics
    ///
    /// If `max_attempts` is less than 2.
    #[must_use]
    pub fn new(max_attempts: u32, delay: Duration) -> Self {
        assert!(max_attempts >= 2, "a hedging policy makes at least 2 attempts");
        Self { max_attempts: max_attempts.min(MOST_ATTEMPTS), delay, non_fatal: Vec::new() }
    }

    /// The statuses that end one attempt and start the next, not the call. Default: none, so that the first failure ends the call.
    #[must_use]
    pub fn with_non_fatal(self, codes: impl IntoIterator<Item = Code>) -> Self {
        Self { non_fatal: codes.into_iter().collect(), ..self }
    }

    /// The most attempts of a call, the first one included: 2 to 5.
    #[must_use]
    pub fn max_attempts(&self) -> u32 {
        self.max_attempts
    }

    /// How long an attempt has before the next one starts.
    #[must_use]
    pub fn delay(&self) -> Duration {
        self.delay
    }

    /// The statuses that do not end the call.
    #[must_use]
    pub fn non_fatal(&self) -> &[Code] {
        &self.non_fatal
    }
}
