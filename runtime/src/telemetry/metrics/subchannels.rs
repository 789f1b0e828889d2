//! Metrics of a channel's connections and attempts to connect.

use std::sync::{Arc, OnceLock};

use ::metrics::{Counter, SharedString, Unit, counter, describe_counter};

const CONNECTIONS: &str = "grpc_client_connections_total";
const DISCONNECTIONS: &str = "grpc_client_disconnections_total";

/// Describes the metrics of a channel's connections to the recorder.
fn describe() {
    describe_counter!(CONNECTIONS, Unit::Count, "Attempts to connect to a server, by outcome.");
    describe_counter!(DISCONNECTIONS, Unit::Count, "Connections to servers that were lost or closed.");
}

/// The connections of one channel.
pub(crate) struct SubchannelCounters {
    target: Arc<str>,
    /// Created at the first attempt.
    series: OnceLock<Series>,
}

struct Series {
    established: Counter,
    failed: Counter,
    disconnections: Counter,
}

impl Series {
    fn new(target: &Arc<str>) -> Self {
        describe();
        let target = || SharedString::from_shared(target.clone());
        let connections = |outcome| counter!(CONNECTIONS, "grpc_target" => target(), "outcome" => outcome);
        Self {
            established: connections("established"),
            failed: connections("failed"),
            disconnections: counter!(DISCONNECTIONS, "grpc_target" => target()),
        }
    }
}

impl SubchannelCounters {
    pub(crate) fn new(target: Arc<str>) -> Self {
        Self { target, series: OnceLock::new() }
    }

    fn series(&self) -> &Series {
        self.series.get_or_init(|| Series::new(&self.target))
    }

    /// Records the outcome of an attempt to connect.
    pub(crate) fn connected(&self, succeeded: bool) {
        let Series { established, failed, .. } = self.series();
        if succeeded { established.increment(1) } else { failed.increment(1) }
    }

    pub(crate) fn disconnected(&self) {
        self.series().disconnections.increment(1);
    }
}
