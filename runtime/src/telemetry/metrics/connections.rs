//! Counts the connections of a server's clients.

use ::metrics::{Unit, counter, describe_counter, describe_gauge, gauge};

const CONNECTIONS: &str = "grpc_server_connections";
const CONNECTIONS_TOTAL: &str = "grpc_server_connections_total";

/// Describes the metrics of a server's connections to the recorder.
fn describe() {
    describe_gauge!(CONNECTIONS, Unit::Count, "Connections of clients that stand.");
    describe_counter!(
        CONNECTIONS_TOTAL,
        Unit::Count,
        "Clients that connected, and were served or refused, and attempts to accept one that failed."
    );
}

/// A server listens.
pub(crate) fn listening() {
    describe();
    gauge!(CONNECTIONS).increment(0);
    for outcome in ["accepted", "refused", "failed"] {
        counter!(CONNECTIONS_TOTAL, "outcome" => outcome).increment(0);
    }
}

/// The connection of a client, until it is dropped.
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

/// A client could not be accepted.
pub(crate) fn not_accepted() {
    counter!(CONNECTIONS_TOTAL, "outcome" => "failed").increment(1);
}

/// A client is over the limit.
pub(crate) fn refused() {
    counter!(CONNECTIONS_TOTAL, "outcome" => "refused").increment(1);
}
