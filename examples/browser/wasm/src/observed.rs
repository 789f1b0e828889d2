//! A recorder of metrics that counts and times successful calls.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use metrics::{
    Counter, CounterFn, Gauge, Histogram, HistogramFn, Key, KeyName, Metadata, Recorder, SharedString, Unit,
};

/// The number of successful calls, and the duration of each finished call in seconds.
#[derive(Clone, Default)]
pub struct Counted(Arc<Mutex<(u64, Vec<f64>)>>);

impl Counted {
    /// Installs a recorder for the page, unless it already has one.
    pub fn start() -> Self {
        let counted = Self::default();
        let _ = metrics::set_global_recorder(counted.clone());
        counted
    }

    fn update(&self, update: impl FnOnce(&mut (u64, Vec<f64>))) {
        update(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }
}

impl fmt::Display for Counted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (succeeded, seconds) = &*self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let times = seconds.iter().filter(|seconds| (0.0..60.0).contains(*seconds)).count();
        write!(f, "{succeeded} succeeded, {times} timed")
    }
}

impl CounterFn for Counted {
    fn increment(&self, by: u64) {
        self.update(|(succeeded, _)| *succeeded += by);
    }

    fn absolute(&self, value: u64) {
        self.update(|(succeeded, _)| *succeeded = value);
    }
}

impl HistogramFn for Counted {
    fn record(&self, value: f64) {
        self.update(|(_, seconds)| seconds.push(value));
    }
}

impl Recorder for Counted {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, key: &Key, _: &Metadata<'_>) -> Counter {
        let is_ok = key.labels().any(|label| (label.key(), label.value()) == ("grpc_code", "OK"));
        if is_ok { Counter::from_arc(Arc::new(self.clone())) } else { Counter::noop() }
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, key: &Key, _: &Metadata<'_>) -> Histogram {
        let is_time = key.name() == "grpc_client_handling_seconds";
        if is_time { Histogram::from_arc(Arc::new(self.clone())) } else { Histogram::noop() }
    }
}
