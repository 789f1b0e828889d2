//! Records the connections of a channel, as metrics and for OpenTelemetry.

use std::sync::Arc;

use super::disconnect::Disconnect;
use crate::telemetry::metrics::SubchannelCounters;

/// Records the connections of a channel.
#[derive(Clone)]
pub(crate) struct ConnectionRecorder {
    counters: Arc<SubchannelCounters>,
    #[cfg(feature = "otel")]
    pub(crate) subchannels: Option<crate::otel::SubchannelMetrics>,
}

/// An open connection, which ends when this is dropped.
pub(crate) struct RecordedConnection {
    counters: Arc<SubchannelCounters>,
    #[cfg(feature = "otel")]
    recorded: Option<crate::otel::OpenConnection>,
}

impl ConnectionRecorder {
    /// A recorder for a channel to `target`.
    pub(crate) fn new(target: Arc<str>) -> Self {
        Self {
            counters: Arc::new(SubchannelCounters::new(target)),
            #[cfg(feature = "otel")]
            subchannels: None,
        }
    }

    /// Records a failed attempt to connect.
    pub(super) fn failed(&self) {
        self.counters.connected(false);
        #[cfg(feature = "otel")]
        if let Some(subchannels) = &self.subchannels {
            subchannels.failed();
        }
    }

    /// Records a successful attempt to connect.
    #[cfg_attr(not(feature = "otel"), allow(unused_variables, reason = "only OpenTelemetry records it"))]
    pub(super) fn succeeded(&self, is_encrypted: bool) -> RecordedConnection {
        self.counters.connected(true);
        RecordedConnection {
            counters: self.counters.clone(),
            #[cfg(feature = "otel")]
            recorded: self.subchannels.as_ref().map(|subchannels| subchannels.succeeded(is_encrypted)),
        }
    }
}

impl RecordedConnection {
    /// Records the reason for which the connection ended. Without this, it is that this side closed it.
    #[cfg_attr(
        not(feature = "otel"),
        allow(unused_mut, unused_variables, clippy::unused_self, reason = "only OpenTelemetry records it")
    )]
    pub(super) fn ended(mut self, why: Disconnect) {
        #[cfg(feature = "otel")]
        if let Some(recorded) = self.recorded.take() {
            recorded.ended(why);
        }
    }
}

impl Drop for RecordedConnection {
    fn drop(&mut self) {
        self.counters.disconnected();
    }
}
