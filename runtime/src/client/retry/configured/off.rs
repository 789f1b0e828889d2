//! Calls without the feature `retry`: no service config applies.
#![allow(clippy::unused_self, reason = "the same signatures as with the feature")]

use std::time::Duration;

use crate::client::call::PreparedCall;

impl PreparedCall {
    pub(crate) fn configure(&self) {}

    pub(crate) fn configured_timeout(&self) -> Option<Duration> {
        None
    }

    /// Whether a service config or policy may apply to the call.
    pub(crate) fn is_configured(&self) -> bool {
        false
    }

    /// Whether the call may have several attempts.
    pub(crate) fn may_repeat(&self) -> bool {
        false
    }

    /// Records the success of the call for retry throttling.
    pub(crate) fn succeeded(&self) {}
}
