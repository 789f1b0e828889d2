//! The attributes and buckets of metrics.

use opentelemetry::KeyValue;
use opentelemetry::metrics::{Histogram, Meter};

use crate::intercept::PerMethod;
use crate::telemetry::conventions;
use crate::{Code, MethodDescriptor};

/// The latency buckets of gRFC A66, in seconds.
const LATENCY: [f64; 41] = [
    0.0, 0.000_01, 0.000_05, 0.000_1, 0.000_3, 0.000_6, 0.000_8, 0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01,
    0.013, 0.016, 0.02, 0.025, 0.03, 0.04, 0.05, 0.065, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8,
    1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0,
];

/// The size buckets of gRFC A66, in bytes.
const SIZE: [f64; 14] = [
    0.0,
    1024.0,
    2048.0,
    4096.0,
    16_384.0,
    65_536.0,
    262_144.0,
    1_048_576.0,
    4_194_304.0,
    16_777_216.0,
    67_108_864.0,
    268_435_456.0,
    1_073_741_824.0,
    4_294_967_296.0,
];

/// The buckets of the semantic conventions, in seconds.
const RPC: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];

/// Makes a histogram of durations with the buckets of gRFC A66.
pub(super) fn seconds(meter: &Meter, name: &'static str, what: &'static str) -> Histogram<f64> {
    meter.f64_histogram(name).with_unit("s").with_description(what).with_boundaries(LATENCY.to_vec()).build()
}

/// Makes a histogram of sizes with the buckets of gRFC A66.
pub(super) fn bytes(meter: &Meter, name: &'static str, what: &'static str) -> Histogram<u64> {
    meter.u64_histogram(name).with_unit("By").with_description(what).with_boundaries(SIZE.to_vec()).build()
}

/// Makes a histogram of durations with the buckets of the semantic conventions.
pub(super) fn rpc_seconds(meter: &Meter, name: &'static str, what: &'static str) -> Histogram<f64> {
    meter.f64_histogram(name).with_unit("s").with_description(what).with_boundaries(RPC.to_vec()).build()
}

/// The full name of a method, if it is among the `known`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Method(Option<&'static str>);

impl Method {
    pub(super) fn of(method: Option<&'static MethodDescriptor>, known: &PerMethod<()>) -> Self {
        let known = method.filter(|method| known.get(method).is_some());
        Self(known.map(|method| method.path().trim_start_matches('/')))
    }

    /// The attribute of gRFC A66.
    pub(super) fn grpc(self) -> KeyValue {
        KeyValue::new("grpc.method", self.0.unwrap_or("other"))
    }

    /// The attributes of the semantic conventions for a completed call, with capacity for more.
    pub(super) fn rpc(self, code: Code, is_error: bool) -> Vec<KeyValue> {
        let status = conventions::name(code);
        let mut attributes = Vec::with_capacity(6);
        attributes.extend([
            KeyValue::new("rpc.system.name", "grpc"),
            KeyValue::new("rpc.method", self.0.unwrap_or("_OTHER")),
            KeyValue::new("rpc.response.status_code", status),
        ]);
        attributes.extend(is_error.then(|| KeyValue::new("error.type", status)));
        attributes
    }
}
