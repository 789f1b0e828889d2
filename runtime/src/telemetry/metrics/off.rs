//! Stand-ins without the feature `metrics`, which measure nothing.
#![allow(clippy::unused_self, reason = "the same signatures as with the feature")]

#[cfg(feature = "balance")]
pub(crate) use balancing::{Balancing, Picked};
#[cfg(feature = "serve")]
pub(crate) use connections::{ConnectionGauge, listening, not_accepted, refused};
#[cfg(feature = "channel")]
pub(crate) use subchannels::SubchannelCounters;
#[cfg(all(feature = "_tls", any(feature = "channel", feature = "serve")))]
pub(crate) use tls::{Handshake, expires, reloaded, reloading};

#[cfg(feature = "balance")]
mod balancing {
    use std::sync::Arc;

    pub(crate) struct Balancing;

    #[derive(Debug, Clone, Copy)]
    pub(crate) enum Picked {
        Sent,
        Failed,
        Shed,
    }

    impl Balancing {
        pub(crate) fn new(_: Arc<str>) -> Self {
            Self
        }

        pub(crate) fn picked(&self, _: Picked) {}

        pub(crate) fn servers(&self, _: [u32; 4], _ejected: u32) {}
    }
}

#[cfg(feature = "channel")]
mod subchannels {
    use std::sync::Arc;

    pub(crate) struct SubchannelCounters;

    impl SubchannelCounters {
        pub(crate) fn new(_: Arc<str>) -> Self {
            Self
        }

        pub(crate) fn connected(&self, _succeeded: bool) {}

        pub(crate) fn disconnected(&self) {}
    }
}

#[cfg(feature = "serve")]
mod connections {
    #[must_use]
    pub(crate) struct ConnectionGauge;

    impl ConnectionGauge {
        pub(crate) fn accepted() -> Self {
            Self
        }
    }

    pub(crate) fn listening() {}

    pub(crate) fn not_accepted() {}

    pub(crate) fn refused() {}
}

#[cfg(all(feature = "_tls", any(feature = "channel", feature = "serve")))]
mod tls {
    use std::time::SystemTime;

    #[must_use]
    pub(crate) struct Handshake;

    impl Handshake {
        pub(crate) fn begin(_side: &'static str) -> Self {
            Self
        }

        pub(crate) fn succeeded(self) {}
    }

    pub(crate) fn reloading(_side: &'static str) {}

    pub(crate) fn reloaded(_side: &'static str, _is_used: bool) {}

    pub(crate) fn expires(_side: &'static str, _: SystemTime) {}
}
