//! A transport to one server: all calls share a connection, which is made when one needs it, and again after it was lost.
//!
//! There is no pause between attempts, unlike in gRPC's connection backoff: a call without a connection begins an attempt at once, and all
//! calls that come while that is under way wait for it and share what becomes of it. So a server that is back is found by the next call,
//! and one that is away has one attempt at a time from each channel, and none from a channel that nobody calls.

use super::{
    dial::Dialer,
    exchange::Unsent,
    happy_eyeballs::{ATTEMPT_DELAY, Attempts, Failures, Started},
    http2::Connection,
    origin::Origin,
    place::Place,
    unreachable::Unreachable,
};
use crate::{BoxError, connection::address::Address};
use http::{Request, Response};
use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};
use tokio::{
    sync::watch,
    time::{Instant, timeout_at},
};
use tonic::body::Body;

/// Where a server is, and how it is reached.
pub(crate) struct Server {
    pub(crate) place: Place,
    pub(crate) origin: Origin,
    pub(crate) dialer: Dialer,
    /// How long an attempt may take, over all addresses.
    pub(crate) connect_timeout: Duration,
}

/// The transport. Its connection ends with the last clone, after the calls that it has.
#[derive(Clone)]
pub(crate) struct Reconnect(Arc<Shared>);

struct Shared {
    server: Arc<Server>,
    /// The last one that was begun.
    attempt: Mutex<Option<Attempt>>,
}

/// An attempt to connect: nothing while it is under way, then what became of it.
type Attempt = watch::Receiver<Option<Result<Connection, Unreachable>>>;

/// Connections in a row that may end before they take a call which waits for them.
const MOST_CONNECTIONS: usize = 10;

impl Reconnect {
    pub(crate) fn new(server: Server) -> Self {
        Self(Arc::new(Shared { server: Arc::new(server), attempt: Mutex::default() }))
    }

    /// The connection for calls that begin now, which is made if there is none.
    pub(crate) async fn connection(&self) -> Result<Connection, Unreachable> {
        loop {
            let mut attempt = match self.0.current() {
                Ok(connection) => return Ok(connection),
                Err(attempt) => attempt,
            };
            // An attempt that gives nothing ended with the runtime in which it was.
            if let Ok(outcome) = attempt.wait_for(Option::is_some).await
                && let Some(outcome) = &*outcome
            {
                return outcome.clone();
            }
        }
    }

    pub(crate) async fn carry(self, mut request: Request<Body>) -> Result<Response<Body>, BoxError> {
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

impl Shared {
    /// The connection that stands, or else the attempt that is under way, which begins now if there is none.
    fn current(&self) -> Result<Connection, Attempt> {
        let mut last = self.attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(attempt) = &*last {
            match &*attempt.borrow() {
                Some(Ok(connection)) if !connection.is_closed() => return Ok(connection.clone()),
                None if attempt.has_changed().is_ok() => return Err(attempt.clone()),
                _ => {}
            }
        }
        let begun = begin(self.server.clone());
        *last = Some(begun.clone());
        Err(begun)
    }
}

/// Begins an attempt, in a task of its own, so that it does not end with the call that needs it; it ends when nobody does any more.
fn begin(server: Arc<Server>) -> Attempt {
    let (done, attempt) = watch::channel(None);
    tokio::spawn(async move {
        tokio::select! {
            outcome = server.connect() => {
                let _ = done.send(Some(outcome));
            }
            () = done.closed() => {}
        }
    });
    attempt
}

impl Server {
    async fn connect(&self) -> Result<Connection, Unreachable> {
        let (within, until) = (self.connect_timeout, Instant::now() + self.connect_timeout);
        let late = move || format!("no connection within {within:?}");
        let addresses = timeout_at(until, self.place.addresses()).await;
        let addresses = addresses.map_err(|_| Unreachable::new(&late()))?.map_err(Unreachable::by)?;
        let start = |attempts: &mut Attempts<_>, address: &Address| {
            let (dialer, to) = (self.dialer.clone(), address.clone());
            attempts.start(address.clone(), async move {
                timeout_at(until, dialer.reach(&to)).await.unwrap_or_else(|_| Err(late().into()))
            });
            Started::Yes
        };
        let mut failures = Failures::new();
        let established = Attempts::new().first(&addresses, ATTEMPT_DELAY, start, &mut failures).await;
        established.map(|established| established.connection).ok_or_else(|| Unreachable::at(failures))
    }
}
