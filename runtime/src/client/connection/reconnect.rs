//! A transport to one server: all calls share a connection, which is made when one needs it, and again after it was lost.
//!
//! There is no pause between attempts, unlike in gRPC's connection backoff: a call without a connection begins an attempt at once, and all
//! calls that come while that is under way wait for it and share what becomes of it. So a server that is back is found by the next call,
//! and one that is away has one attempt at a time from each channel, and none from a channel that nobody calls.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{Request, Response};
use tokio::sync::watch;
use tokio::time::timeout_at;
use tonic::body::Body;

use super::dial::{Dialer, Established, late};
use super::exchange::Unsent;
use super::happy_eyeballs::{ABANDONED, ATTEMPT_DELAY, AttemptStart, ConnectAttempts, Failures};
use super::http2::Connection;
use super::origin::Origin;
use super::server_address::ServerAddress;
use super::unreachable::Unreachable;
use crate::BoxError;
use crate::connection::address::Address;
use crate::deadline::clock::after;

/// Where a server is, and how it is reached.
pub(crate) struct ServerConnector {
    pub(crate) address: ServerAddress,
    pub(crate) origin: Origin,
    pub(crate) dialer: Dialer,
    /// How long an attempt may take, over all addresses.
    pub(crate) connect_timeout: Duration,
}

/// The transport. Its connection ends with the last clone, after the calls that it has.
#[derive(Clone)]
pub(crate) struct Reconnect(Arc<ReconnectState>);

struct ReconnectState {
    server: Arc<ServerConnector>,
    /// The last one that was begun.
    attempt: Mutex<Option<ConnectAttempt>>,
}

/// An attempt to connect: nothing while it is under way, then what became of it.
type ConnectAttempt = watch::Receiver<Option<Result<Connection, Unreachable>>>;

/// Where a call that needs a connection has it from.
enum ConnectState {
    Connected(Connection),
    /// An attempt of another call.
    UnderWay(ConnectAttempt),
    Begun(ConnectAttempt),
}

/// Connections in a row that may end before they take a call which waits for them.
const MOST_CONNECTIONS: usize = 10;

impl Reconnect {
    pub(crate) fn new(server: ServerConnector) -> Self {
        Self(Arc::new(ReconnectState { server: Arc::new(server), attempt: Mutex::default() }))
    }

    /// The connection for calls that begin now, which is made if there is none.
    pub(crate) async fn connection(&self) -> Result<Connection, Unreachable> {
        loop {
            let (mut attempt, is_own) = match self.0.current() {
                ConnectState::Connected(connection) => return Ok(connection),
                ConnectState::UnderWay(attempt) => (attempt, false),
                ConnectState::Begun(attempt) => (attempt, true),
            };
            if let Ok(outcome) = attempt.wait_for(Option::is_some).await
                && let Some(outcome) = &*outcome
            {
                return outcome.clone();
            }
            // Another's may have been in a runtime that has ended, unlike this one.
            if is_own {
                return Err(Unreachable::new(ABANDONED));
            }
        }
    }

    pub(crate) async fn send(self, mut request: Request<Body>) -> Result<Response<Body>, BoxError> {
        self.0.server.origin.complete(&mut request)?;
        for _ in 0..MOST_CONNECTIONS {
            match self.connection().await?.send(request).await {
                Ok(response) => return Ok(response.map(Body::new)),
                Err(Unsent::Failed(error)) => return Err(error),
                Err(Unsent::Request(back)) => request = *back,
            }
        }
        Err(Unreachable::new("the server ends every connection before it takes a call").into())
    }
}

impl ReconnectState {
    /// The connection that stands, or else the attempt that is under way, which begins now if there is none.
    fn current(&self) -> ConnectState {
        let mut last = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(attempt) = &*last {
            match &*attempt.borrow() {
                Some(Ok(connection)) if !connection.is_closed() => return ConnectState::Connected(connection.clone()),
                None if attempt.has_changed().is_ok() => return ConnectState::UnderWay(attempt.clone()),
                _ => {}
            }
        }
        let begun = begin(self.server.clone());
        *last = Some(begun.clone());
        ConnectState::Begun(begun)
    }
}

/// Begins an attempt, in a task of its own, so that it does not end with the call that needs it; it ends with the channel.
fn begin(server: Arc<ServerConnector>) -> ConnectAttempt {
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
        // It would keep the connection.
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

/// How much later than the one before the attempt at each of so many addresses begins: the last one, too, has some of a short time.
fn attempt_delay(within: Duration, addresses: usize) -> Duration {
    let share = within / u32::try_from(addresses).unwrap_or(u32::MAX).saturating_add(1);
    share.min(ATTEMPT_DELAY)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_has_some_of_a_short_time() {
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
