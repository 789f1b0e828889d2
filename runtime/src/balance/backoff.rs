//! The pauses between attempts to connect. Source: gRPC's connection backoff protocol.

use std::time::Duration;

use tokio::time::Instant;

/// How long to wait between attempts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pauses {
    pub(super) initial: Duration,
    pub(super) max: Duration,
    /// The least time for an attempt.
    pub(super) min_connect_timeout: Duration,
}

impl Default for Pauses {
    fn default() -> Self {
        Self {
            initial: Duration::from_secs(1),
            max: Duration::from_secs(120),
            min_connect_timeout: Duration::from_secs(20),
        }
    }
}

const MULTIPLIER: f64 = 1.6;
const JITTER: f64 = 0.2;

/// The attempts that were made since the last success.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Backoff {
    current: Option<Duration>,
    until: Option<Instant>,
}

impl Backoff {
    /// Counts an attempt that starts at `at`; gives how long it may take.
    pub(super) fn start(&mut self, pauses: &Pauses, at: Instant) -> Duration {
        let (pause, random) = match self.current {
            None => (pauses.initial, 0.0),
            Some(last) => (last.mul_f64(MULTIPLIER).min(pauses.max), fastrand::f64() * 2.0 - 1.0),
        };
        self.current = Some(pause);
        let pause = pause.mul_f64(1.0 + JITTER * random);
        self.until = Some(at + pause);
        pause.max(pauses.min_connect_timeout)
    }

    /// The last attempt succeeded: the next one is the first again, though not before its time.
    pub(super) fn succeeded(&mut self) {
        self.current = None;
    }

    /// Whether the last attempt failed, and the time for another has not come.
    pub(super) fn is_on(&self) -> bool {
        self.current.is_some() && self.until.is_some_and(|until| until > Instant::now())
    }

    /// When the next attempt may start.
    pub(super) fn until(&self) -> Instant {
        let now = Instant::now();
        self.until.map_or(now, |until| until.max(now))
    }
}
