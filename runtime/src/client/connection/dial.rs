//! Connects to an address within a timeout: the bytes, TLS if asked for, and HTTP/2.

use super::{
    connector::{AnyConnector, Connector},
    http2::{Established, establish},
    keepalive::Keepalive,
};
use crate::{BoxError, connection::address::Address};
use std::{sync::Arc, time::Duration};
use tokio::time::timeout;

#[derive(Clone)]
pub(crate) struct Dialer {
    pub(crate) connect: Arc<dyn AnyConnector>,
    pub(crate) keepalive: Option<Keepalive>,
    #[cfg(feature = "_tls")]
    pub(crate) tls: Option<crate::tls::HostTls>,
}

impl Dialer {
    pub(crate) fn new(connect: impl Connector) -> Self {
        Self {
            connect: Arc::new(connect),
            keepalive: None,
            #[cfg(feature = "_tls")]
            tls: None,
        }
    }

    #[cfg(all(feature = "balance", feature = "_tls"))]
    pub(crate) fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    #[cfg(all(feature = "balance", not(feature = "_tls")))]
    #[allow(clippy::unused_self, reason = "the same signature as with TLS")]
    pub(crate) fn is_encrypted(&self) -> bool {
        false
    }

    pub(crate) async fn dial(&self, address: &Address, within: Duration) -> Result<Established, BoxError> {
        let late = |_| Err(format!("no connection within {within:?}").into());
        timeout(within, self.reach(address)).await.unwrap_or_else(late)
    }

    pub(super) async fn reach(&self, address: &Address) -> Result<Established, BoxError> {
        let io = self.connect.connect(address).await?;
        #[cfg(feature = "_tls")]
        if let Some(tls) = &self.tls {
            let io = tls.handshake(io).await?;
            return establish(io, address, self.keepalive).await;
        }
        establish(io, address, self.keepalive).await
    }
}
