//! The backoff between attempts to connect. Source: gRPC's connection backoff protocol.

use std::time::Duration;

use tokio::time::Instant;

/// The delays between attempts to connect to one address.
#[derive(Debug, Clone, Copy)]
pub(super) struct BackoffSettings {
    pub(super) initial: Duration,
    pub(super) max: Duration,
    /// The shortest timeout of an attempt.
    pub(super) min_connect_timeout: Duration,
}

impl Default for BackoffSettings {
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

/// The state of the backoff since the last success.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Backoff {
    current: Option<Duration>,
    until: Option<Instant>,
}

impl Backoff {
    /// Records an attempt that starts at `at`, and returns its timeout.
    pub(super) fn start(&mut self, settings: &BackoffSettings, at: Instant) -> Duration {
        let (pause, random) = match self.current {
            None => (settings.initial, 0.0),
            Some(last) => (last.mul_f64(MULTIPLIER).min(settings.max), fastrand::f64() * 2.0 - 1.0),
        };
        self.current = Some(pause);
        let pause = pause.mul_f64(1.0 + JITTER * random);
        self.until = Some(at + pause);
        pause.max(settings.min_connect_timeout)
    }

    /// Resets the delay after a success; the time of the next attempt stays.
    pub(super) fn succeeded(&mut self) {
        self.current = None;
    }

    /// Whether the last attempt failed and the next one has to wait.
    pub(super) fn is_waiting(&self) -> bool {
        self.current.is_some() && self.until.is_some_and(|until| until > Instant::now())
    }

    /// When the next attempt may start.
    pub(super) fn until(&self) -> Instant {
        let now = Instant::now();
        self.until.map_or(now, |until| until.max(now))
    }
}
