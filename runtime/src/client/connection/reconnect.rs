//! The transport to one server: calls share one connection, which is established on demand and again after a loss.
//!
//! Unlike gRPC's connection backoff there is no delay between attempts. A call without a connection starts an attempt at once; calls that
//! come meanwhile wait for it and share its result. So the next call reaches a server that is back, while a server that is down sees at most
//! one attempt at a time from each channel, and none from an idle one.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Request, Response};
use tokio::sync::watch;
use tokio::time::timeout_at;
use tonic::body::Body;

use super::dial::{Dialer, Established, late};
use super::exchange::ExchangeError;
use super::happy_eyeballs::{ABANDONED, ATTEMPT_DELAY, AttemptStart, ConnectAttempts, Failures};
use super::http2::Connection;
use super::origin::Origin;
use super::server_address::ServerAddress;
use super::unreachable::Unreachable;
use crate::BoxError;
use crate::connection::address::Address;
use crate::deadline::clock::after;

/// A server, and the way to connect to it.
pub(crate) struct ServerConnector {
    pub(crate) address: ServerAddress,
    pub(crate) origin: Origin,
    pub(crate) dialer: Dialer,
    /// The timeout of an attempt, over all addresses.
    pub(crate) connect_timeout: Duration,
}

/// The transport. Its connection closes after its last call, once the last clone is dropped.
#[derive(Clone)]
pub(crate) struct Reconnect(Arc<ReconnectState>);

struct ReconnectState {
    server: Arc<ServerConnector>,
    /// The latest attempt.
    attempt: Mutex<Option<ConnectAttempt>>,
}

/// An attempt to connect: `None` while it runs, then its result.
type ConnectAttempt = watch::Receiver<Option<Result<Connection, Unreachable>>>;

/// The connection of a call, or the attempt that it waits for.
enum ConnectState {
    Connected(Connection),
    /// An attempt that another call started.
    Running(ConnectAttempt),
    /// An attempt that this call started.
    Started(ConnectAttempt),
}

/// The number of connections in a row that may close before they take the call.
const MAX_CONNECTIONS: usize = 10;

impl Reconnect {
    pub(crate) fn new(server: ServerConnector) -> Self {
        Self(Arc::new(ReconnectState { server: Arc::new(server), attempt: Mutex::default() }))
    }

    /// The current connection, which is established if there is none.
    pub(crate) async fn connection(&self) -> Result<Connection, Unreachable> {
        loop {
            let (mut attempt, is_own) = match self.0.current() {
                ConnectState::Connected(connection) => return Ok(connection),
                ConnectState::Running(attempt) => (attempt, false),
                ConnectState::Started(attempt) => (attempt, true),
            };
            if let Ok(outcome) = attempt.wait_for(Option::is_some).await
                && let Some(outcome) = &*outcome
            {
                return outcome.clone();
            }
            // The runtime of another call's attempt may have been shut down: try in this one.
            if is_own {
                return Err(Unreachable::new(ABANDONED));
            }
        }
    }

    pub(crate) async fn send(self, mut request: Request<Body>) -> Result<Response<Body>, BoxError> {
        self.0.server.origin.complete(&mut request)?;
        for _ in 0..MAX_CONNECTIONS {
            match self.connection().await?.send(request).await {
                Ok(response) => return Ok(response.map(Body::new)),
                Err(ExchangeError::Failed(error)) => return Err(error),
                Err(ExchangeError::NotSent(back)) => request = *back,
            }
        }
        Err(Unreachable::new("the server closes every connection before it takes a call").into())
    }
}

impl ReconnectState {
    /// The open connection, or else the running attempt, which is started if there is none.
    fn current(&self) -> ConnectState {
        let mut last = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(attempt) = &*last {
            match &*attempt.borrow() {
                Some(Ok(connection)) if !connection.is_closed() => return ConnectState::Connected(connection.clone()),
                None if attempt.has_changed().is_ok() => return ConnectState::Running(attempt.clone()),
                _ => {}
            }
        }
        let started = start(self.server.clone());
        *last = Some(started.clone());
        ConnectState::Started(started)
    }
}

/// Starts an attempt in a task of its own, so that it outlives the call that needs it. It ends with the channel.
fn start(server: Arc<ServerConnector>) -> ConnectAttempt {
    let (done, attempt) = watch::channel(None);
    tokio::spawn(async move {
        let outcome = tokio::select! {
            outcome = server.connect() => outcome,
            () = done.closed() => return,
        };
        let (outcome, ended) = match outcome {
            Ok(Established { connection, ended }) => (Ok(connection), Some(ended)),
            Err(unreachable) => (Err(unreachable), None),
        };
        let _ = done.send(Some(outcome));
        // It holds a handle, which would keep the connection open.
        drop(done);
        if let Some(ended) = ended {
            ended.await;
        }
    });
    attempt
}

impl ServerConnector {
    async fn connect(&self) -> Result<Established, Unreachable> {
        let (within, until) = (self.connect_timeout, after(self.connect_timeout));
        let addresses = timeout_at(until, self.address.addresses()).await;
        let addresses = addresses.map_err(|_| Unreachable::new(&late(within)))?.map_err(Unreachable::by)?;
        let start = |attempts: &mut ConnectAttempts<_>, address: &Address| {
            let (dialer, to) = (self.dialer.clone(), address.clone());
            attempts.start(address.clone(), async move { dialer.dial(&to, within, until).await });
            AttemptStart::Started
        };
        let mut failures = Failures::default();
        let delay = attempt_delay(within, addresses.len());
        let established = ConnectAttempts::new().first(&addresses, delay, start, &mut failures).await;
        established.ok_or_else(|| Unreachable::at(failures))
    }
}

/// The delay between the attempts at `addresses` addresses, short enough that the last one has time left.
fn attempt_delay(within: Duration, addresses: usize) -> Duration {
    let share = within / u32::try_from(addresses).unwrap_or(u32::MAX).saturating_add(1);
    share.min(ATTEMPT_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_short_timeout_is_shared_by_all_addresses() {
        let check = |within, addresses, expected| {
            let delay = attempt_delay(Duration::from_millis(within), addresses);
            assert_eq!(delay, Duration::from_millis(expected), "{within} ms, {addresses} addresses");
        };
        check(20_000, 2, 250);
        check(750, 2, 250);
        check(300, 2, 100);
        check(10, 4, 2);
        check(20_000, 199, 100);
    }
}
