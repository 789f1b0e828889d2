//! Records the connections of a channel for OpenTelemetry, if a meter was given.

use crate::client::connection::disconnect::Disconnect;

/// The instruments of OpenTelemetry, if the channel has a meter.
#[derive(Clone, Default)]
pub(super) struct ConnectionRecorder {
    #[cfg(feature = "otel")]
    pub(super) subchannels: Option<crate::otel::Subchannels>,
}

/// A connection that stands until this is dropped.
#[derive(Default)]
pub(super) struct RecordedConnection {
    #[cfg(feature = "otel")]
    recorded: Option<crate::otel::OpenConnection>,
}

#[cfg(feature = "otel")]
impl ConnectionRecorder {
    pub(super) fn failed(&self) {
        if let Some(subchannels) = &self.subchannels {
            subchannels.failed();
        }
    }

    pub(super) fn succeeded(&self, is_encrypted: bool) -> RecordedConnection {
        RecordedConnection {
            recorded: self.subchannels.as_ref().map(|subchannels| subchannels.succeeded(is_encrypted)),
        }
    }
}

#[cfg(not(feature = "otel"))]
#[allow(clippy::unused_self, reason = "the same signatures as with the feature")]
impl ConnectionRecorder {
    pub(super) fn failed(&self) {}

    pub(super) fn succeeded(&self, _is_encrypted: bool) -> RecordedConnection {
        RecordedConnection::default()
    }
}

#[cfg_attr(not(feature = "otel"), allow(clippy::unused_self, reason = "the same signature as with the feature"))]
impl RecordedConnection {
    /// Says why the connection ended; if nobody does, this side ended it.
    pub(super) fn ended(self, why: Disconnect) {
        #[cfg(feature = "otel")]
        if let Some(recorded) = self.recorded {
            recorded.ended(why);
        }
        let _ = why;
    }
}
