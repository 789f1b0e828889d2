//! Counts the connections of a channel, and the attempts to make some.

use std::sync::{Arc, OnceLock};

use ::metrics::{Counter, SharedString, Unit, counter, describe_counter};

const CONNECTIONS: &str = "grpc_client_connections_total";
const DISCONNECTIONS: &str = "grpc_client_disconnections_total";

/// Has the recorder know what the metrics of a channel's connections are.
fn describe() {
    describe_counter!(CONNECTIONS, Unit::Count, "Attempts to connect to a server, by their outcome.");
    describe_counter!(DISCONNECTIONS, Unit::Count, "Connections to servers that were lost or ended.");
}

/// The connections of one channel.
pub(crate) struct SubchannelCounters {
    target: Arc<str>,
    /// From the first attempt.
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

    /// An attempt to connect has ended.
    pub(crate) fn connected(&self, succeeded: bool) {
        let Series { established, failed, .. } = self.series();
        if succeeded { established.increment(1) } else { failed.increment(1) }
    }

    pub(crate) fn disconnected(&self) {
        self.series().disconnections.increment(1);
    }
}
