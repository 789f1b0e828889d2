//! The interceptor that measures calls.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::series::MethodSeries;
use crate::deadline::clock::Instant;
use crate::intercept::{Answer, Head, Intercept, Messages, Next, Observe, PerMethod, Watch};
use crate::telemetry::side::Side;
use crate::{MethodDescriptor, ServiceDescriptor, Status};

/// An interceptor that measures calls; [`client`](super::client) and [`server`](super::server) make it. Clones share their series.
#[derive(Clone)]
pub struct Metrics {
    side: Side,
    series: Arc<AllSeries>,
}

/// The series of each method are created again at its first call, for a recorder that was installed after the method was described.
#[derive(Default)]
struct AllSeries {
    known: PerMethod<(&'static MethodDescriptor, OnceLock<Arc<MethodSeries>>)>,
    other: OnceLock<Arc<MethodSeries>>,
}

impl Metrics {
    pub(super) fn of(side: Side) -> Self {
        side.describe();
        MethodSeries::new(side, None);
        Self { side, series: Arc::default() }
    }

    fn series(&self, method: Option<&MethodDescriptor>) -> &Arc<MethodSeries> {
        let (known, series) = match method.and_then(|method| self.series.known.get(method)) {
            Some((method, series)) => (Some(*method), series),
            None => (None, &self.series.other),
        };
        let make = || {
            self.side.describe();
            Arc::new(MethodSeries::new(self.side, known))
        };
        series.get_or_init(make)
    }
}

impl Intercept for Metrics {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let series = self.series(head.method());
        series.start();
        let start = Instant::now();
        let mut running = next.run(head).tell_of_requests(series.requests.clone());
        if let Some(attempts) = series.attempts.clone() {
            running = running.tell_of_attempts(attempts);
        }
        running.observed_by(MeasuredCall { series, start }).await
    }

    fn refused(&self, head: &Head, status: &Status) {
        let series = self.series(head.method());
        series.start();
        series.end(status.code(), Duration::ZERO);
    }

    fn describe(&self, service: &'static ServiceDescriptor) {
        self.series.known.add(service, |method| {
            MethodSeries::new(self.side, Some(method));
            (method, OnceLock::new())
        });
    }
}

/// A running call.
struct MeasuredCall<'a> {
    series: &'a Arc<MethodSeries>,
    start: Instant,
}

impl Observe for MeasuredCall<'_> {
    fn response(&self, len: usize) {
        (self.series.responses)(len);
    }

    fn end(self, status: &Status) {
        self.series.end(status.code(), self.start.elapsed());
    }

    fn follow(self, messages: &mut Messages, mut watch: Watch) {
        let (series, start) = (self.series.clone(), self.start);
        watch.on_message.push(series.responses.clone());
        watch.on_end(Box::new(move |status| series.end(status.code(), start.elapsed())));
        messages.watch(watch);
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("side", &self.side).finish_non_exhaustive()
    }
}
