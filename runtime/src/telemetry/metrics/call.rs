//! Takes calls of either side; counts them, their messages, and how they end.

use super::{names::Side, series::Series};
use crate::{
    MethodDescriptor, ServiceDescriptor, Status,
    intercept::{Answer, Head, Intercept, Known, Next},
};
use std::{
    fmt,
    sync::{Arc, OnceLock},
    time::{Duration, Instant},
};

/// The interceptor that counts calls; [`client`](super::client) and [`server`](super::server) make it. A clone counts for the same.
#[derive(Clone)]
pub struct Metrics {
    side: Side,
    series: Arc<AllSeries>,
}

/// The series of each method are made anew when it is first called: a recorder that was installed after it was described has them then.
#[derive(Default)]
struct AllSeries {
    known: Known<(&'static MethodDescriptor, OnceLock<Arc<Series>>)>,
    other: OnceLock<Arc<Series>>,
}

impl Metrics {
    pub(super) fn of(side: Side) -> Self {
        side.describe();
        Series::new(side, None);
        Self { side, series: Arc::default() }
    }

    fn series(&self, method: Option<&MethodDescriptor>) -> Arc<Series> {
        let (known, series) = match method.and_then(|method| self.series.known.get(method)) {
            Some((method, series)) => (Some(*method), series),
            None => (None, &self.series.other),
        };
        let make = || {
            self.side.describe();
            Arc::new(Series::new(self.side, known))
        };
        series.get_or_init(make).clone()
    }
}

impl Intercept for Metrics {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let series = self.series(head.method());
        series.start();
        let start = Instant::now();
        let mut running =
            next.run(head).tell_of_requests(series.requests.clone()).tell_of_responses(series.responses.clone());
        if let Some(attempts) = series.attempts.clone() {
            running = running.tell_of_attempts(attempts);
        }
        running.on_end(move |status| series.end(status.code(), start.elapsed())).await
    }

    fn refused(&self, method: Option<&'static MethodDescriptor>, status: &Status) {
        let series = self.series(method);
        series.start();
        series.end(status.code(), Duration::ZERO);
    }

    fn describe(&self, service: &'static ServiceDescriptor) {
        self.series.known.add(service, |method| {
            Series::new(self.side, Some(method));
            (method, OnceLock::new())
        });
    }
}

impl fmt::Debug for Metrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Metrics").field("side", &self.side).finish_non_exhaustive()
    }
}
