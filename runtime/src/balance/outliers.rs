//! Outlier detection: counts the outcomes of calls to each server, and ejects servers that fail too often. Source: gRFC A50.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tokio::time::Instant;

use crate::service_config::{FailurePercentage, OutlierDetection, SuccessRate};

/// The outcomes of the calls to one server in the current interval.
#[derive(Debug, Default)]
pub(super) struct Outcomes {
    succeeded: AtomicU64,
    failed: AtomicU64,
}

impl Outcomes {
    /// Returns the counts, and resets them to zero.
    pub(super) fn take(&self) -> Counts {
        Counts { succeeded: self.succeeded.swap(0, Ordering::Relaxed), failed: self.failed.swap(0, Ordering::Relaxed) }
    }
}

/// A call whose outcome is counted once. If it is dropped without an outcome, it counts as a failure.
#[derive(Debug)]
pub(super) struct CallOutcome(Option<Arc<Outcomes>>);

impl CallOutcome {
    pub(super) fn new(outcomes: Option<Arc<Outcomes>>) -> Self {
        Self(outcomes)
    }

    pub(super) fn record(&mut self, success: bool) {
        if let Some(outcomes) = self.0.take() {
            let counter = if success { &outcomes.succeeded } else { &outcomes.failed };
            counter.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Counts nothing, because the call was not sent.
    pub(super) fn discard(mut self) {
        self.0 = None;
    }
}

impl Drop for CallOutcome {
    fn drop(&mut self) {
        self.record(false);
    }
}

/// The outcomes of an interval.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Counts {
    succeeded: u64,
    failed: u64,
}

impl Counts {
    fn total(self) -> u64 {
        self.succeeded + self.failed
    }

    fn reaches(self, volume: u32) -> bool {
        self.total() >= volume.into()
    }

    #[expect(clippy::cast_precision_loss, reason = "nobody makes 2^52 calls in an interval")]
    fn success_rate(self) -> f64 {
        self.succeeded as f64 / self.total().max(1) as f64
    }
}

/// Whether a server is ejected, and for how long.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Ejection {
    since: Option<Instant>,
    /// The factor by which the base ejection time is multiplied.
    multiplier: u32,
}

impl Ejection {
    pub(super) fn is_ejected(&self) -> bool {
        self.since.is_some()
    }

    fn start(&mut self, now: Instant) {
        self.since = Some(now);
        self.multiplier += 1;
    }

    /// "If the address is not ejected and the multiplier is greater than 0, decrease the multiplier by 1. If the address is ejected, and
    /// the current time is after `ejection_timestamp + min(base_ejection_time * multiplier, max(base_ejection_time, max_ejection_time))`,
    /// un-eject the address."
    fn age(&mut self, config: &OutlierDetection, now: Instant) {
        let Some(since) = self.since else {
            self.multiplier = self.multiplier.saturating_sub(1);
            return;
        };
        let most = config.max_ejection_time.max(config.base_ejection_time);
        if now >= since + config.base_ejection_time.saturating_mul(self.multiplier).min(most) {
            self.since = None;
        }
    }
}

/// A server in outlier detection.
pub(super) struct Candidate<'a> {
    pub(super) counts: Counts,
    pub(super) ejection: &'a mut Ejection,
}

/// Ejects outliers by the counts of an interval, and readmits servers whose ejection is over.
pub(super) fn sweep(config: &OutlierDetection, servers: &mut [Candidate<'_>], now: Instant) {
    if let Some(rules) = &config.success_rate {
        by_success_rate(config, rules, servers, now);
    }
    if let Some(rules) = &config.failure_percentage {
        by_failure_percentage(config, rules, servers, now);
    }
    for server in servers {
        server.ejection.age(config, now);
    }
}

fn by_success_rate(config: &OutlierDetection, rules: &SuccessRate, servers: &mut [Candidate<'_>], now: Instant) {
    let rates: Vec<_> = servers
        .iter()
        .filter(|server| server.counts.reaches(rules.request_volume))
        .map(|server| server.counts.success_rate())
        .collect();
    if rates.is_empty() || rates.len() < count(rules.minimum_hosts) {
        return;
    }
    #[expect(clippy::cast_precision_loss, reason = "nobody has 2^52 servers")]
    let number = rates.len() as f64;
    let mean = rates.iter().sum::<f64>() / number;
    let variance = rates.iter().map(|rate| (rate - mean).powi(2)).sum::<f64>() / number;
    let least = mean - variance.sqrt() * f64::from(rules.stdev_factor) / 1000.0;
    eject(config, servers, now, rules.enforcement_percentage, |counts| {
        counts.reaches(rules.request_volume) && counts.success_rate() < least
    });
}

fn by_failure_percentage(
    config: &OutlierDetection,
    rules: &FailurePercentage,
    servers: &mut [Candidate<'_>],
    now: Instant,
) {
    let enough = servers.iter().filter(|server| server.counts.reaches(rules.request_volume)).count();
    if enough < count(rules.minimum_hosts) {
        return;
    }
    eject(config, servers, now, rules.enforcement_percentage, |counts| {
        counts.reaches(rules.request_volume) && counts.failed * 100 > u64::from(rules.threshold) * counts.total()
    });
}

/// Ejects the servers that `is_outlier` finds, within the limit and with the probability of the config.
fn eject(
    config: &OutlierDetection,
    servers: &mut [Candidate<'_>],
    now: Instant,
    enforcement_percentage: u32,
    is_outlier: impl Fn(Counts) -> bool,
) {
    let (all, mut ejected) = (servers.len(), servers.iter().filter(|server| server.ejection.is_ejected()).count());
    for server in servers {
        // "If the percentage of ejected addresses is greater than or equal to `max_ejection_percent`, stop."
        if ejected * 100 >= count(config.max_ejection_percent) * all {
            return;
        }
        if !server.ejection.is_ejected() && is_outlier(server.counts) && fastrand::u32(0..100) < enforcement_percentage
        {
            server.ejection.start(now);
            ejected += 1;
        }
    }
}

fn count(number: u32) -> usize {
    number.try_into().unwrap_or(usize::MAX)
}
