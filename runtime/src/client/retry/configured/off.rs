//! A call without the feature `retry`: no service config says anything of it.
#![allow(clippy::unused_self, reason = "the same signatures as with the feature")]

use std::time::Duration;

use crate::client::call::PreparedCall;

impl PreparedCall {
    pub(crate) fn configure(&self) {}

    pub(crate) fn configured_timeout(&self) -> Option<Duration> {
        None
    }

    /// Whether anything beside the call itself says how it behaves.
    pub(crate) fn is_configured(&self) -> bool {
        false
    }

    /// Whether the call may be made more than once.
    pub(crate) fn repeats(&self) -> bool {
        false
    }

    /// Counts the call's success.
    pub(crate) fn succeeded(&self) {}
}
