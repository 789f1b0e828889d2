//! Records the connections of a channel and attempts to connect. Source: gRFC A94.

use std::sync::Arc;

use opentelemetry::metrics::{Counter, Meter, UpDownCounter};
use opentelemetry::{KeyValue, StringValue};

use crate::client::connection::disconnect::Disconnect;

/// The instruments of one channel.
#[derive(Clone)]
pub(crate) struct SubchannelMetrics(Arc<SubchannelInstruments>);

struct SubchannelInstruments {
    target: [KeyValue; 1],
    succeeded: Counter<u64>,
    failed: Counter<u64>,
    disconnections: Counter<u64>,
    open: UpDownCounter<i64>,
}

impl SubchannelMetrics {
    pub(crate) fn new(meter: &Meter, target: Arc<str>) -> Self {
        let count = |name: &'static str, unit: &'static str, what: &'static str| {
            meter.u64_counter(name).with_unit(unit).with_description(what).build()
        };
        let open = meter.i64_up_down_counter("grpc.subchannel.open_connections").with_unit("{connection}");
        Self(Arc::new(SubchannelInstruments {
            target: [KeyValue::new("grpc.target", StringValue::from(target))],
            succeeded: count(
                "grpc.subchannel.connection_attempts_succeeded",
                "{attempt}",
                "Number of successful connection attempts.",
            ),
            failed: count(
                "grpc.subchannel.connection_attempts_failed",
                "{attempt}",
                "Number of failed connection attempts.",
            ),
            disconnections: count(
                "grpc.subchannel.disconnections",
                "{disconnection}",
                "Number of times the selected subchannel becomes disconnected.",
            ),
            open: open.with_description("Number of open connections.").build(),
        }))
    }

    pub(crate) fn failed(&self) {
        self.0.failed.add(1, &self.0.target);
    }

    pub(crate) fn succeeded(&self, is_encrypted: bool) -> OpenConnection {
        self.0.succeeded.add(1, &self.0.target);
        let level = if is_encrypted { "privacy_and_integrity" } else { "none" };
        let [target] = self.0.target.clone();
        let open = [target, KeyValue::new("grpc.security_level", level)];
        self.0.open.add(1, &open);
        OpenConnection { instruments: self.0.clone(), open, why: Disconnect::Shutdown }
    }
}

/// An open connection, which is recorded as closed when this is dropped.
pub(crate) struct OpenConnection {
    instruments: Arc<SubchannelInstruments>,
    /// The attributes of the open connection.
    open: [KeyValue; 2],
    why: Disconnect,
}

impl OpenConnection {
    pub(crate) fn ended(mut self, why: Disconnect) {
        self.why = why;
    }
}

impl Drop for OpenConnection {
    fn drop(&mut self) {
        self.instruments.open.add(-1, &self.open);
        let why = KeyValue::new("grpc.disconnect_error", StringValue::from(self.why.text()));
        let [target] = self.instruments.target.clone();
        self.instruments.disconnections.add(1, &[target, why]);
    }
}
