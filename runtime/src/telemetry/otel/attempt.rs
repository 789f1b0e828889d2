//! Records the attempts of a call.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

use super::attributes::{bytes, seconds};
use crate::Status;
use crate::deadline::clock::Instant;
use crate::intercept::{Attempt, Cause};
use crate::telemetry::conventions;

/// The instruments of gRFC A66 for attempts.
pub(super) struct AttemptInstruments {
    started: Counter<u64>,
    duration: Histogram<f64>,
    sent: Histogram<u64>,
    received: Histogram<u64>,
}

impl AttemptInstruments {
    pub(super) fn new(meter: &Meter) -> Self {
        let started = meter.u64_counter("grpc.client.attempt.started").with_unit("{attempt}");
        Self {
            started: started.with_description("Number of attempts started.").build(),
            duration: seconds(meter, "grpc.client.attempt.duration", "Duration of attempts."),
            sent: bytes(
                meter,
                "grpc.client.attempt.sent_total_compressed_message_size",
                "Compressed size of all requests of an attempt.",
            ),
            received: bytes(
                meter,
                "grpc.client.attempt.rcvd_total_compressed_message_size",
                "Compressed size of all responses of an attempt.",
            ),
        }
    }
}

/// The attempts of one call.
pub(super) struct CallAttempts {
    instruments: Arc<AttemptInstruments>,
    /// The method and the target.
    attributes: [KeyValue; 2],
    so_far: Mutex<AttemptTally>,
}

/// The values of gRFC A96 for a call.
#[derive(Default, Clone, Copy)]
pub(super) struct AttemptTally {
    pub(super) retries: u64,
    pub(super) transparent_retries: u64,
    pub(super) hedges: u64,
    /// The time without a running attempt, between attempts.
    pub(super) delay: Duration,
    running: u32,
    /// When the last attempt ended, if none is running.
    idle_since: Option<Instant>,
}

impl AttemptTally {
    fn begin(&mut self, cause: Cause) {
        match cause {
            Cause::First => {}
            Cause::Retry => self.retries += 1,
            Cause::TransparentRetry => self.transparent_retries += 1,
            Cause::Hedge => self.hedges += 1,
        }
        self.running += 1;
        self.delay += self.idle_since.take().map_or(Duration::ZERO, |since| since.elapsed());
    }

    fn end(&mut self) {
        self.running -= 1;
        self.idle_since = (self.running == 0).then(Instant::now);
    }
}

impl CallAttempts {
    pub(super) fn new(instruments: Arc<AttemptInstruments>, attributes: [KeyValue; 2]) -> Self {
        Self { instruments, attributes, so_far: Mutex::default() }
    }

    pub(super) fn so_far(&self) -> MutexGuard<'_, AttemptTally> {
        self.so_far.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Records `attempt` from its start to its end.
    pub(super) fn record(self: &Arc<Self>, attempt: &mut Attempt) {
        self.so_far().begin(attempt.cause());
        self.instruments.started.add(1, &self.attributes);
        let start = Instant::now();
        let [sent, received] = [(); 2].map(|()| Arc::new(AtomicU64::new(0)));
        let (sending, receiving, attempts) = (sent.clone(), received.clone(), self.clone());
        attempt.on_sent(move |len| _ = sending.fetch_add(len as u64, Ordering::Relaxed));
        attempt.on_received(move |len| _ = receiving.fetch_add(len as u64, Ordering::Relaxed));
        attempt.on_end(move |status| {
            let took = start.elapsed();
            attempts.so_far().end();
            attempts.ended(status, took, sent.load(Ordering::Relaxed), received.load(Ordering::Relaxed));
        });
    }

    fn ended(&self, ended: &Status, took: Duration, sent: u64, received: u64) {
        let attributes = self.attributes_with(ended);
        let instruments = &self.instruments;
        instruments.duration.record(took.as_secs_f64(), &attributes);
        instruments.sent.record(sent, &attributes);
        instruments.received.record(received, &attributes);
    }

    pub(super) fn attributes(&self) -> &[KeyValue; 2] {
        &self.attributes
    }

    pub(super) fn attributes_with(&self, ended: &Status) -> [KeyValue; 3] {
        let [method, target] = self.attributes.clone();
        [method, target, KeyValue::new("grpc.status", conventions::name(ended.code()))]
    }
}
