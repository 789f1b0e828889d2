//! Takes what becomes of the connections of a channel; counts it, and tells OpenTelemetry of it, where that wants to know.

use std::sync::Arc;

use super::disconnect::Disconnect;
use crate::telemetry::metrics::SubchannelCounters;

/// Who is told of the connections of a channel.
#[derive(Clone)]
pub(crate) struct ConnectionRecorder {
    counted: Arc<SubchannelCounters>,
    #[cfg(feature = "otel")]
    pub(crate) subchannels: Option<crate::otel::SubchannelMetrics>,
}

/// A connection that stands until this is dropped.
pub(crate) struct RecordedConnection {
    counted: Arc<SubchannelCounters>,
    #[cfg(feature = "otel")]
    recorded: Option<crate::otel::OpenConnection>,
}

impl ConnectionRecorder {
    /// Of a channel to `target`.
    pub(crate) fn new(target: Arc<str>) -> Self {
        Self {
            counted: Arc::new(SubchannelCounters::new(target)),
            #[cfg(feature = "otel")]
            subchannels: None,
        }
    }

    /// An attempt to connect has failed.
    pub(super) fn failed(&self) {
        self.counted.connected(false);
        #[cfg(feature = "otel")]
        if let Some(subchannels) = &self.subchannels {
            subchannels.failed();
        }
    }

    /// An attempt to connect has succeeded.
    #[cfg_attr(not(feature = "otel"), allow(unused_variables, reason = "only OpenTelemetry wants to know"))]
    pub(super) fn succeeded(&self, is_encrypted: bool) -> RecordedConnection {
        self.counted.connected(true);
        RecordedConnection {
            counted: self.counted.clone(),
            #[cfg(feature = "otel")]
            recorded: self.subchannels.as_ref().map(|subchannels| subchannels.succeeded(is_encrypted)),
        }
    }
}

impl RecordedConnection {
    /// Says why the connection ended; if nobody does, this side ended it.
    #[cfg_attr(
        not(feature = "otel"),
        allow(unused_mut, unused_variables, clippy::unused_self, reason = "only OpenTelemetry wants to know")
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
        self.counted.disconnected();
    }
}
