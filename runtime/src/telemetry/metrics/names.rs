//! The names, descriptions and buckets of metrics of calls.

use ::metrics::{Unit, describe_counter, describe_gauge, describe_histogram};

use crate::telemetry::side::Side;

/// Buckets for the duration of calls in seconds: 1 ms to 10 s.
pub const SECONDS_BUCKETS: &[f64] = &[0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];

/// Buckets for the duration of streams in seconds: 0.1 s to a day.
pub const STREAM_SECONDS_BUCKETS: &[f64] = &[0.1, 1.0, 10.0, 60.0, 300.0, 1800.0, 3600.0, 21_600.0, 86_400.0];

/// Buckets for the sizes of messages in bytes: 64 B to 4 MiB.
pub const BYTES_BUCKETS: &[f64] =
    &[64.0, 256.0, 1024.0, 4096.0, 16_384.0, 65_536.0, 262_144.0, 1_048_576.0, 4_194_304.0];

/// The buckets of each histogram, by the suffix of its name, for exporters that need them.
pub const BUCKETS: &[(&str, &[f64])] = &[
    ("_handling_seconds", SECONDS_BUCKETS),
    ("_stream_duration_seconds", STREAM_SECONDS_BUCKETS),
    ("_msg_received_bytes", BYTES_BUCKETS),
    ("_msg_sent_bytes", BYTES_BUCKETS),
];

impl Side {
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Client => "client",
            Self::Server => "server",
        }
    }

    /// The full name of the metric `what`.
    pub(super) fn metric(self, what: &str) -> String {
        format!("grpc_{}_{what}", self.name())
    }

    /// Describes the metrics of calls to the recorder.
    pub(super) fn describe(self) {
        describe_counter!(self.metric("started_total"), Unit::Count, "Calls started.");
        describe_counter!(self.metric("handled_total"), Unit::Count, "Calls completed, by status code.");
        describe_counter!(self.metric("msg_received_total"), Unit::Count, "Messages received.");
        describe_counter!(self.metric("msg_sent_total"), Unit::Count, "Messages sent.");
        describe_histogram!(
            self.metric("msg_received_bytes"),
            Unit::Bytes,
            "Sizes of received messages before compression."
        );
        describe_histogram!(self.metric("msg_sent_bytes"), Unit::Bytes, "Sizes of sent messages before compression.");
        describe_histogram!(self.metric("handling_seconds"), Unit::Seconds, "Duration of calls.");
        describe_histogram!(self.metric("stream_duration_seconds"), Unit::Seconds, "Duration of streaming calls.");
        describe_gauge!(self.metric("active_streams"), Unit::Count, "Running calls.");
        if self == Self::Client {
            describe_counter!(self.metric("retries_total"), Unit::Count, "Attempts after the first, by cause.");
        }
    }
}
