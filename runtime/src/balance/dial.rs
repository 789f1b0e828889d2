//! Takes an address; gives a connection to it: bytes, TLS if asked for, HTTP/2, all within one time.

use super::{
    Address,
    connect::AnyConnect,
    connection::{Established, establish},
    keep_alive::KeepAlive,
    record::Record,
    subchannel::Dial,
};
use crate::telemetry::metrics::Balancing;
use std::{future::Future, pin::Pin, sync::Arc, time::Duration};
use tokio::time::timeout;

#[derive(Clone)]
pub(super) struct Dialer {
    pub(super) counted: Arc<Balancing>,
    pub(super) record: Record,
    pub(super) connect: Arc<dyn AnyConnect>,
    pub(super) keep_alive: Option<KeepAlive>,
    #[cfg(feature = "_tls")]
    pub(super) tls: Option<crate::tls::Connector>,
}

impl Dialer {
    #[cfg(feature = "_tls")]
    fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    #[cfg(not(feature = "_tls"))]
    #[allow(clippy::unused_self, reason = "the same signature as with TLS")]
    fn is_encrypted(&self) -> bool {
        false
    }

    async fn reach(&self, address: &Address) -> Result<Established, String> {
        let io = self.connect.connect(address).await.map_err(|error| error.to_string())?;
        #[cfg(feature = "_tls")]
        if let Some(tls) = &self.tls {
            let io = tls.handshake(io).await?;
            return establish(io, address, self.keep_alive).await.map_err(|error| error.to_string());
        }
        establish(io, address, self.keep_alive).await.map_err(|error| error.to_string())
    }
}

impl Dial for Dialer {
    fn dial(
        &self,
        address: Address,
        within: Duration,
    ) -> Pin<Box<dyn Future<Output = Result<Established, String>> + Send>> {
        let dialer = self.clone();
        Box::pin(async move {
            let late = |_| Err(format!("no connection within {within:?}"));
            let counted = dialer.counted.clone();
            let outcome = timeout(within, dialer.reach(&address)).await.unwrap_or_else(late);
            counted.connected(outcome.is_ok());
            match outcome {
                Ok(established) => {
                    Ok(Established { open: dialer.record.succeeded(dialer.is_encrypted()), ..established })
                }
                Err(problem) => {
                    dialer.record.failed();
                    Err(problem)
                }
            }
        })
    }
}
