//! Records the calls of a server.

use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Counter, Histogram, Meter};

use super::attributes::{Method, bytes, rpc_seconds, seconds};
use crate::deadline::clock::Instant;
use crate::intercept::{Answer, Head, Intercept, Next, PerMethod};
use crate::telemetry::conventions;
use crate::{Code, MethodDescriptor, ServiceDescriptor, Status};

/// An interceptor that records the calls of servers; [`server`](super::server) makes it. Clones share their instruments.
#[derive(Clone)]
pub struct ServerMetrics {
    instruments: Arc<ServerInstruments>,
    known: Arc<PerMethod<()>>,
}

/// The instruments of a server's calls.
struct ServerInstruments {
    started: Counter<u64>,
    duration: Histogram<f64>,
    sent: Histogram<u64>,
    received: Histogram<u64>,
    rpc: Histogram<f64>,
}

impl ServerInstruments {
    fn new(meter: &Meter) -> Self {
        let started = meter.u64_counter("grpc.server.call.started").with_unit("{call}");
        Self {
            started: started.with_description("Number of calls started.").build(),
            duration: seconds(meter, "grpc.server.call.duration", "Duration of calls."),
            sent: bytes(
                meter,
                "grpc.server.call.sent_total_compressed_message_size",
                "Compressed size of all responses of a call.",
            ),
            received: bytes(
                meter,
                "grpc.server.call.rcvd_total_compressed_message_size",
                "Compressed size of all requests of a call.",
            ),
            rpc: rpc_seconds(meter, "rpc.server.call.duration", "Duration of incoming remote procedure calls."),
        }
    }
}

/// A call, which is recorded when it is dropped: a single response is compressed only after the call has ended.
struct RecordedCall {
    instruments: Arc<ServerInstruments>,
    method: Method,
    start: Instant,
    ended: OnceLock<(Code, Duration)>,
    sent: AtomicU64,
    received: AtomicU64,
}

impl Drop for RecordedCall {
    fn drop(&mut self) {
        let (code, took) = self.ended.get().copied().unwrap_or((Code::Cancelled, self.start.elapsed()));
        let attributes = [self.method.grpc(), KeyValue::new("grpc.status", conventions::name(code))];
        self.instruments.duration.record(took.as_secs_f64(), &attributes);
        self.instruments.sent.record(*self.sent.get_mut(), &attributes);
        self.instruments.received.record(*self.received.get_mut(), &attributes);
        self.instruments.rpc.record(took.as_secs_f64(), &self.method.rpc(code, conventions::is_server_error(code)));
    }
}

impl ServerMetrics {
    pub(super) fn new(meter: &Meter) -> Self {
        Self { instruments: Arc::new(ServerInstruments::new(meter)), known: Arc::default() }
    }

    fn begin(&self, method: Option<&'static MethodDescriptor>) -> RecordedCall {
        let method = Method::of(method, &self.known);
        self.instruments.started.add(1, &[method.grpc()]);
        RecordedCall {
            instruments: self.instruments.clone(),
            method,
            start: Instant::now(),
            ended: OnceLock::new(),
            sent: AtomicU64::new(0),
            received: AtomicU64::new(0),
        }
    }
}

impl Intercept for ServerMetrics {
    async fn intercept(&self, head: Head, next: Next) -> Result<Answer, Status> {
        let call = Arc::new(self.begin(head.method()));
        // A weak reference, because a handler may keep its requests longer than the call lasts.
        let (sending, receiving) = (call.clone(), Arc::downgrade(&call));
        next.run(head)
            .on_received(move |len| {
                if let Some(call) = receiving.upgrade() {
                    call.received.fetch_add(len as u64, Ordering::Relaxed);
                }
            })
            .on_sent(move |len| _ = sending.sent.fetch_add(len as u64, Ordering::Relaxed))
            .on_end(move |status| _ = call.ended.set((status.code(), call.start.elapsed())))
            .await
    }

    fn refused(&self, head: &Head, status: &Status) {
        let _ = self.begin(head.method()).ended.set((status.code(), Duration::ZERO));
    }

    fn describe(&self, service: &'static ServiceDescriptor) {
        self.known.add(service, |_| ());
    }
}

impl fmt::Debug for ServerMetrics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ServerMetrics").finish_non_exhaustive()
    }
}
