//! Connects to an address within a timeout, through TLS and HTTP/2, and records attempts and disconnections.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::{Instant, timeout_at};

use super::connector::{AnyConnector, Connector};
use super::disconnect::Disconnect;
use super::http2::{Connection, establish};
use super::keepalive::Keepalives;
use super::recorder::{ConnectionRecorder, RecordedConnection};
use crate::connection::address::Address;
use crate::{BoxError, BoxFuture};

#[derive(Clone)]
pub(crate) struct Dialer {
    pub(crate) connect: Arc<dyn AnyConnector>,
    pub(crate) keepalive: Keepalives,
    pub(crate) recorder: ConnectionRecorder,
    #[cfg(feature = "_tls")]
    pub(crate) tls: Option<crate::tls::HostTls>,
}

/// An established connection.
pub(crate) struct Established {
    pub(crate) connection: Connection,
    /// Completes when the connection takes no more calls. Dropping it earlier records that this side ended the connection.
    pub(crate) ended: BoxFuture<'static, ()>,
}

impl Dialer {
    pub(crate) fn new(connect: impl Connector, keepalive: Keepalives, recorder: ConnectionRecorder) -> Self {
        Self {
            connect: Arc::new(connect),
            keepalive,
            recorder,
            #[cfg(feature = "_tls")]
            tls: None,
        }
    }

    #[cfg(feature = "_tls")]
    fn is_encrypted(&self) -> bool {
        self.tls.is_some()
    }

    #[cfg(not(feature = "_tls"))]
    #[allow(clippy::unused_self, reason = "the same signature as with TLS")]
    fn is_encrypted(&self) -> bool {
        false
    }

    /// Connects to `address` by the time `until`, which is the duration `within` after the start.
    pub(crate) async fn dial(
        &self,
        address: &Address,
        within: Duration,
        until: Instant,
    ) -> Result<Established, BoxError> {
        match timeout_at(until, self.reach(address)).await.unwrap_or_else(|_| Err(late(within).into())) {
            Ok((connection, closed)) => {
                let open = self.recorder.succeeded(self.is_encrypted());
                Ok(Established { connection, ended: Box::pin(end(open, closed)) })
            }
            Err(problem) => {
                self.recorder.failed();
                Err(problem)
            }
        }
    }

    async fn reach(&self, address: &Address) -> Result<(Connection, oneshot::Receiver<Disconnect>), BoxError> {
        let io = self.connect.connect(address).await?;
        #[cfg(feature = "_tls")]
        if let Some(tls) = &self.tls {
            let io = tls.handshake(io).await?;
            return establish(io, address, &self.keepalive).await;
        }
        establish(io, address, &self.keepalive).await
    }
}

async fn end(open: RecordedConnection, closed: oneshot::Receiver<Disconnect>) {
    open.ended(closed.await.unwrap_or(Disconnect::Unknown));
}

/// The error of a connection that timed out.
pub(super) fn late(within: Duration) -> String {
    format!("no connection within {within:?}")
}
