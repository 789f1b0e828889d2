//! Reads retries, hedging and their throttling. Source: gRFC A6, the sections on validation.

use super::object::{Findings, Located, Object};
use crate::{Hedging, MAX_ATTEMPTS, Policy, Retry, RetryThrottling, Rules};

pub(super) fn read(entry: &Object<'_>, rules: Rules, findings: &mut Findings) -> Option<Policy> {
    let (retry, hedging) = (entry.get("retryPolicy"), entry.get("hedgingPolicy"));
    if retry.is_some() && hedging.is_some() {
        findings.problem(entry.place(), "`retryPolicy` and `hedgingPolicy` cannot both be set; remove one of them");
    }
    let retry = retry.and_then(|value| value.object(findings)).and_then(|object| self::retry(&object, rules, findings));
    let hedging = hedging.and_then(|value| value.object(findings)).and_then(|object| self::hedging(&object, findings));
    retry.map(Policy::Retry).or(hedging.map(Policy::Hedge))
}

fn retry(object: &Object<'_>, rules: Rules, findings: &mut Findings) -> Option<Retry> {
    let max_attempts = max_attempts(object, rules, findings);
    let initial_backoff = object.required("initialBackoff", findings, Located::positive_duration);
    let max_backoff = object.required("maxBackoff", findings, Located::positive_duration);
    let backoff_multiplier = object.required("backoffMultiplier", findings, Located::positive);
    let retryable = object.required("retryableStatusCodes", findings, |value, findings| {
        let codes = value.codes(findings)?;
        let enough = !codes.is_empty() || rules == Rules::Gapic;
        if !enough {
            findings.problem(value.place(), "expected at least one status code");
        }
        enough.then_some(codes)
    });
    object.finish(findings);
    Some(Retry {
        max_attempts: max_attempts?,
        initial_backoff: initial_backoff?,
        max_backoff: max_backoff?,
        backoff_multiplier: backoff_multiplier?,
        retryable: retryable?,
    })
}

fn hedging(object: &Object<'_>, findings: &mut Findings) -> Option<Hedging> {
    let max_attempts = max_attempts(object, Rules::Grpc, findings);
    let delay = object.optional("hedgingDelay", findings, Located::duration).unwrap_or_default();
    let non_fatal = object.optional("nonFatalStatusCodes", findings, Located::codes).unwrap_or_default();
    object.finish(findings);
    Some(Hedging { max_attempts: max_attempts?, delay, non_fatal })
}

fn max_attempts(object: &Object<'_>, rules: Rules, findings: &mut Findings) -> Option<u32> {
    const NAME: &str = "maxAttempts";
    match object.get(NAME) {
        Some(value) => match value.integer() {
            Some(attempts) if attempts > 1 => Some(u32::try_from(attempts).unwrap_or(u32::MAX).min(MAX_ATTEMPTS)),
            _ => value.expected("an integer greater than 1", findings),
        },
        None if rules == Rules::Gapic && object.misspelt(NAME).is_none() => Some(MAX_ATTEMPTS),
        None => {
            object.missing(NAME, findings);
            None
        }
    }
}

pub(super) fn throttling(object: &Object<'_>, findings: &mut Findings) -> Option<RetryThrottling> {
    let max_tokens = object.required("maxTokens", findings, |value, findings| {
        let tokens = value.integer().filter(|tokens| (1..=1000).contains(tokens));
        tokens
            .and_then(|tokens| u32::try_from(tokens).ok())
            .or_else(|| value.expected("an integer from 1 to 1000", findings))
    });
    let token_ratio = object.required("tokenRatio", findings, Located::positive);
    object.finish(findings);
    Some(RetryThrottling::new(max_tokens?, token_ratio?))
}
