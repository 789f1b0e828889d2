//! Metrics of a server's connections.

use ::metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

const CONNECTIONS: &str = "grpc_server_connections";
const CONNECTIONS_TOTAL: &str = "grpc_server_connections_total";

/// Describes the metrics of a server's connections to the recorder.
fn describe() {
    describe_gauge!(CONNECTIONS, Unit::Count, "Open connections of clients.");
    describe_counter!(CONNECTIONS_TOTAL, Unit::Count, "Connections accepted, refused because of the limit, or failed.");
}

/// Creates the series of a server that listens.
pub(crate) fn listening() {
    describe();
    gauge!(CONNECTIONS).increment(0);
    for outcome in ["accepted", "refused", "failed"] {
        counter!(CONNECTIONS_TOTAL, "outcome" => outcome).increment(0);
    }
}

/// An open connection, which is counted until this is dropped.
#[must_use]
pub(crate) struct ConnectionGauge(());

impl ConnectionGauge {
    pub(crate) fn accepted() -> Self {
        counter!(CONNECTIONS_TOTAL, "outcome" => "accepted").increment(1);
        gauge!(CONNECTIONS).increment(1);
        Self(())
    }
}

impl Drop for ConnectionGauge {
    fn drop(&mut self) {
        gauge!(CONNECTIONS).decrement(1);
    }
}

/// Records a client that could not be accepted.
pub(crate) fn not_accepted() {
    counter!(CONNECTIONS_TOTAL, "outcome" => "failed").increment(1);
}

/// Records a client over the limit.
pub(crate) fn refused() {
    counter!(CONNECTIONS_TOTAL, "outcome" => "refused").increment(1);
}
