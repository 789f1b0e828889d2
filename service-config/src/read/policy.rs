//! Reads when calls are made more than once. Source: gRFC A6, the sections on validation.

use super::object::{At, Found, Object};
use crate::{Hedging, MOST_ATTEMPTS, Policy, Retry, RetryThrottling, Rules};

pub(super) fn read(entry: &Object<'_>, rules: Rules, found: &mut Found) -> Option<Policy> {
    let (retry, hedging) = (entry.get("retryPolicy"), entry.get("hedgingPolicy"));
    if retry.is_some() && hedging.is_some() {
        found.problem(entry.place(), "`retryPolicy` and `hedgingPolicy` exclude each other: leave out one of them");
    }
    let retry = retry.and_then(|at| at.object(found)).and_then(|at| self::retry(&at, rules, found));
    let hedging = hedging.and_then(|at| at.object(found)).and_then(|at| self::hedging(&at, found));
    retry.map(Policy::Retry).or(hedging.map(Policy::Hedge))
}

fn retry(at: &Object<'_>, rules: Rules, found: &mut Found) -> Option<Retry> {
    let max_attempts = max_attempts(at, rules, found);
    let initial_backoff = at.required("initialBackoff", found, At::positive_duration);
    let max_backoff = at.required("maxBackoff", found, At::positive_duration);
    let backoff_multiplier = at.required("backoffMultiplier", found, At::positive);
    let retryable = at.required("retryableStatusCodes", found, |at, found| {
        let codes = at.codes(found)?;
        let enough = !codes.is_empty() || rules == Rules::Gapic;
        if enough { Some(codes) } else { at.expected("at least one status code", found) }
    });
    at.finish(found);
    Some(Retry {
        max_attempts: max_attempts?,
        initial_backoff: initial_backoff?,
        max_backoff: max_backoff?,
        backoff_multiplier: backoff_multiplier?,
        retryable: retryable?,
    })
}

fn hedging(at: &Object<'_>, found: &mut Found) -> Option<Hedging> {
    let max_attempts = max_attempts(at, Rules::Grpc, found);
    let delay = at.optional("hedgingDelay", found, At::duration).unwrap_or_default();
    let non_fatal = at.optional("nonFatalStatusCodes", found, At::codes).unwrap_or_default();
    at.finish(found);
    Some(Hedging { max_attempts: max_attempts?, delay, non_fatal })
}

fn max_attempts(at: &Object<'_>, rules: Rules, found: &mut Found) -> Option<u32> {
    const NAME: &str = "maxAttempts";
    match at.get(NAME) {
        Some(at) => match at.integer() {
            Some(attempts) if attempts > 1 => Some(u32::try_from(attempts).unwrap_or(u32::MAX).min(MOST_ATTEMPTS)),
            _ => at.expected("an integer greater than 1", found),
        },
        None if rules == Rules::Gapic && at.misspelt(NAME).is_none() => Some(MOST_ATTEMPTS),
        None => {
            at.missing(NAME, found);
            None
        }
    }
}

pub(super) fn throttling(at: &Object<'_>, found: &mut Found) -> Option<RetryThrottling> {
    let max_tokens = at.required("maxTokens", found, |at, found| {
        let tokens = at.integer().filter(|tokens| (1..=1000).contains(tokens));
        tokens.and_then(|tokens| u32::try_from(tokens).ok()).or_else(|| at.expected("an integer from 1 to 1000", found))
    });
    let token_ratio = at.required("tokenRatio", found, At::positive);
    at.finish(found);
    Some(RetryThrottling::new(max_tokens?, token_ratio?))
}
