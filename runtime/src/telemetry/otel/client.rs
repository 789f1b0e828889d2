//! Records the calls of a client.

use std::fmt;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use opentelemetry::metrics::{Histogram, Meter};
use opentelemetry::{KeyValue, StringValue};

use super::attempt::{AttemptInstruments, CallAttempts};
use super::attributes::{Method, rpc_seconds, seconds};
use crate::deadline::clock::Instant;
use crate::intercept::{Answer, Head, Intercept, Next, PerMethod};
use crate::telemetry::target;
use crate::{Code, ServiceDescriptor, Status};

/// An interceptor that records the calls of clients; [`client`](super::client) makes it. Clones share their instruments.
#[derive(Clone)]
pub struct ClientMetrics {
    instruments: Arc<ClientInstruments>,
    known: Arc<PerMethod<()>>,
    /// The attributes of the first target, which is usually the only one.
    target: Arc<OnceLock<TargetAttributes>>,
}

/// The instruments of a client's calls.
struct ClientInstruments {
    attempts: Arc<AttemptInstruments>,
    duration: Histogram<f64>,
    retries: Histogram<u64>,
    transparent_retries: Histogram<u64>,
    hedges: Histogram<u64>,
    retry_delay: Histogram<f64>,
    rpc: Histogram<f64>,
}

impl ClientInstruments {
    fn new(meter: &Meter) -> Self {
        let times = |name: &'static str, unit: &'static str, what: &'static str, bounds: &[f64]| {
            let histogram = meter.u64_histogram(name).with_unit(unit).with_description(what);
            histogram.with_boundaries(bounds.to_vec()).build()
        };
        let few = [1.0, 2.0, 3.0, 4.0, 5.0];
        let more = [1.0, 2.0, 3.0, 4.0, 5.0, 10.0];
        Self {
            attempts: Arc::new(AttemptInstruments::new(meter)),
            duration: seconds(meter, "grpc.client.call.duration", "Duration of calls."),
            retries: times(
                "grpc.client.call.retries",
                "{retry}",
                "Number of retries of a call, if there were any.",
                &few,
            ),
            transparent_retries: times(
                "grpc.client.call.transparent_retries",
                "{transparent_retry}",
                "Number of transparent retries of a call, if there were any.",
                &more,
            ),
            hedges: times("grpc.client.call.hedges", "{hedge}", "Number of hedges of a call, if there were any.", &few),
            retry_delay: seconds(
                meter,
                "grpc.client.call.retry_delay",
                "Time without a running attempt during a call with several attempts.",
            ),
            rpc: rpc_seconds(meter, "rpc.client.call.duration", "Duration of outgoing remote procedure calls."),
        }
    }
}

impl ClientMetrics {
    pub(super) fn new(meter: &Meter) -> Self {
        Self { instruments: Arc::new(ClientInstruments::new(meter)), known: Arc::default(), target: Arc::default() }
    }

    fn target(&self, head: &Head) -> TargetAttributes {
        let name = head.target.as_ref();
        let first = self.target.get_or_init(|| TargetAttributes::new(name));
        if first.name.as_deref() == name.map(|name| &**name) { first.clone() } else { TargetAttributes::new(name) }
    }
}

impl Intercept for ClientMetrics {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let start = Instant::now();
        let method = Method::of(head.method(), &self.known);
        let target = self.target(&head);
        let attempts = Arc::new(CallAttempts::new(self.instruments.attempts.clone(), [method.grpc(), target.grpc()]));
        let (all, instruments) = (attempts.clone(), self.instruments.clone());
        let end = move |status: &Status| {
            let took = start.elapsed();
            instruments.duration.record(took.as_secs_f64(), &all.attributes_with(status));
            instruments.record_retries(&all);
            let mut attributes = method.rpc(status.code(), status.code() != Code::Ok);
            attributes.extend(target.address);
            attributes.extend(target.port);
            instruments.rpc.record(took.as_secs_f64(), &attributes);
        };
        next.run(head).on_attempt(move |attempt| attempts.record(attempt)).on_end(end).await
    }

    fn describe(&self, service: &'static ServiceDescriptor) {
        self.known.add(service, |_| ());
    }
}

impl ClientInstruments {
    /// Records the numbers of retries and hedges, if there were any: "if there were no retries, 0 is not reported".
    fn record_retries(&self, attempts: &CallAttempts) {
        let (so_far, attributes) = (*attempts.so_far(), attempts.attributes());
        let counts = [
            (&self.retries, so_far.retries),
            (&self.transparent_retries, so_far.transparent_retries),
            (&self.hedges, so_far.hedges),
        ];
        for (histogram, count) in counts {
            if count > 0 {
                histogram.record(count, attributes);
            }
        }
        if so_far.delay > Duration::ZERO {
            self.retry_delay.record(so_far.delay.as_secs_f64(), attributes);
        }
    }
}

/// The attributes of a target.
#[derive(Clone)]
struct TargetAttributes {
    name: Option<Arc<str>>,
    address: Option<KeyValue>,
    port: Option<KeyValue>,
}

impl TargetAttributes {
    fn new(name: Option<&Arc<str>>) -> Self {
        let (address, port) = name.map(|name| target::server(name)).filter(|(address, _)| !address.is_empty()).unzip();
        Self {
            name: name.cloned(),
            address: address.map(|address| KeyValue::new("server.address", address.to_owned())),
            port: port.flatten().map(|port| KeyValue::new("server.port", i64::from(port))),
        }
    }

    fn grpc(&self) -> KeyValue {
        KeyValue::new("grpc.target", self.name.clone().map_or(StringValue::from(""), StringValue::from))
    }
}

impl fmt::Debug for ClientMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientMetrics").finish_non_exhaustive()
    }
}
