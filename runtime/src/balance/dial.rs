//! Connects to an address, and counts successes and failures.

use super::{
    Address,
    recorder::{ConnectionRecorder, RecordedConnection},
};
use crate::{
    BoxError,
    client::connection::{dial, http2::Established},
    telemetry::metrics::Balancing,
};
use std::{sync::Arc, time::Duration};

pub(super) struct CountingDialer {
    pub(super) counted: Arc<Balancing>,
    pub(super) record: ConnectionRecorder,
    pub(super) connections: dial::Dialer,
}

/// A connection, and the record of it.
pub(super) struct Dialed {
    pub(super) established: Established,
    pub(super) open: RecordedConnection,
}

impl CountingDialer {
    pub(super) async fn dial(&self, address: &Address, within: Duration) -> Result<Dialed, BoxError> {
        let outcome = self.connections.dial(address, within).await;
        self.counted.connected(outcome.is_ok());
        match outcome {
            Ok(established) => Ok(Dialed { established, open: self.record.succeeded(self.connections.is_encrypted()) }),
            Err(problem) => {
                self.record.failed();
                Err(problem)
            }
        }
    }
}
