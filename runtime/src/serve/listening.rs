//! Accepts connections until the server is told to shut down, and then drains it.

use std::future::{Future, pending, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{fmt, io};

use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::calls::ServerState;
use super::closing::Stage;
use super::incoming::IncomingStream;
use super::listener::Connections;
use super::log_rate_limit::LogRateLimit;
use super::{ServeError, connection, signal};
use crate::BoxFuture;
use crate::connection::address::Address;
use crate::telemetry::metrics::{ConnectionGauge, listening, not_accepted, refused};

/// A server that listens on its addresses; [`Serve::bind`](super::Serve::bind) makes it. Clients can connect, and wait until it runs.
///
/// ```
/// # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
/// # use proto::user_service_server::{UserService, UserServiceServer};
/// # async fn example(users: impl UserService) -> Result<(), rgrpc::serve::ServeError> {
/// let server = rgrpc::serve("127.0.0.1:0").service(UserServiceServer::new(users)).bind().await?;
/// let uri = format!("http://{}", server.addresses()[0]);
/// tokio::spawn(server.until(std::future::pending()));
/// # Ok(())
/// # }
/// ```
#[must_use = "`until_signal` or `until` serves"]
pub struct Listening {
    pub(super) addresses: Vec<Address>,
    pub(super) listeners: Vec<Connections>,
    pub(super) shared: Arc<ServerState>,
    pub(super) drain: Drain,
    #[cfg(feature = "health")]
    pub(super) health: Option<super::health::ServiceHealth>,
}

impl fmt::Debug for Listening {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Listening").field("addresses", &self.addresses).finish_non_exhaustive()
    }
}

/// How long a server takes to shut down.
#[derive(Debug, Clone, Copy)]
pub(super) struct Drain {
    pub(super) lame_duck: Duration,
    pub(super) deadline: Duration,
}

impl Default for Drain {
    fn default() -> Self {
        Self { lame_duck: Duration::ZERO, deadline: Duration::from_secs(25) }
    }
}

/// How a server ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Ended {
    /// All calls finished.
    Drained,
    /// Some calls had not finished by the deadline, and ended with `UNAVAILABLE`.
    Cut,
}

impl Listening {
    /// The addresses that the server listens on, in the order in which they were added. They have the actual port in place of port 0.
    #[must_use]
    pub fn addresses(&self) -> &[Address] {
        &self.addresses
    }

    /// Serves until SIGTERM or SIGINT (Ctrl-C), then drains. A second signal ends the calls that still run.
    ///
    /// # Errors
    ///
    /// If the process cannot listen for the signals.
    pub async fn until_signal(self) -> Result<Ended, ServeError> {
        self.run_until_signal().await
    }

    /// Boxed, so that this crate compiles the server, and not each crate that runs one.
    fn run_until_signal(self) -> BoxFuture<'static, Result<Ended, ServeError>> {
        Box::pin(async move {
            let mut signals =
                signal::Signals::new().map_err(|error| ServeError::because("cannot wait for signals", error))?;
            let mut running = self.start();
            tokio::select! {
                () = running.accept() => {}
                () = signals.next() => {}
            }
            Ok(running.drain(signals.next()).await)
        })
    }

    /// Serves until `shutdown` completes, then drains. `shutdown` may be the future of a cancellation token, a channel or a timer.
    ///
    /// Dropping the returned future closes all connections at once.
    pub async fn until(self, shutdown: impl Future<Output = ()>) -> Ended {
        let mut running = self.start();
        tokio::select! {
            () = running.accept() => {}
            () = shutdown => {}
        }
        running.drain_patiently().await
    }

    fn start(self) -> RunningServer {
        listening();
        let addresses: Vec<_> = self.addresses.iter().map(Address::to_string).collect();
        tracing::info!(addresses = addresses.join(", "), "the server is serving");
        #[allow(unused_mut, reason = "only TLS has any")]
        let mut background = JoinSet::new();
        #[cfg(feature = "_tls")]
        if let Some(tls) = self.shared.tls.clone() {
            background.spawn(tls.watch());
        }
        RunningServer {
            listeners: self.listeners,
            shared: self.shared,
            connections: JoinSet::new(),
            refused: LogRateLimit::new(|limit, count| {
                tracing::warn!(limit, count, "too many connections: refusing more");
            }),
            not_accepted: LogRateLimit::new(log_not_accepted),
            _background: background,
            stage: watch::channel(Stage::Open).0,
            drain: self.drain,
            #[cfg(feature = "health")]
            health: self.health,
        }
    }
}

/// A running server. Dropping it aborts the tasks of its connections.
struct RunningServer {
    listeners: Vec<Connections>,
    shared: Arc<ServerState>,
    connections: JoinSet<()>,
    /// Logs connections over the limit, which it names.
    refused: LogRateLimit<usize>,
    not_accepted: LogRateLimit<io::Error>,
    /// Other tasks that end with the server.
    _background: JoinSet<()>,
    stage: watch::Sender<Stage>,
    drain: Drain,
    #[cfg(feature = "health")]
    health: Option<super::health::ServiceHealth>,
}

impl RunningServer {
    /// Accepts and serves connections; completes once the listeners have ended and all connections are closed.
    fn accept(&mut self) -> BoxFuture<'_, ()> {
        Box::pin(async move {
            loop {
                tokio::select! {
                    biased;
                    Some(_) = self.connections.join_next() => {}
                    accepted = poll_fn(|cx| poll_accept(&mut self.listeners, cx)) => match accepted {
                        Some(Ok(incoming)) if self.connections.len() < self.shared.limits.connections => {
                            let counted = ConnectionGauge::accepted();
                            let served = connection::serve(incoming, self.shared.clone(), self.stage.subscribe());
                            self.connections.spawn(async move {
                                served.await;
                                drop(counted);
                            });
                        }
                        Some(Ok(_)) => {
                            refused();
                            self.refused.event(self.shared.limits.connections);
                        }
                        Some(Err(error)) if is_of_one_connection(&error) => {}
                        Some(Err(error)) => {
                            not_accepted();
                            self.not_accepted.event(error);
                            // An error such as too many open files persists for a while.
                            sleep(Duration::from_millis(100)).await;
                        }
                        None => break,
                    },
                    () = self.refused.rest() => {}
                    () = self.not_accepted.rest() => {}
                }
            }
            while self.connections.join_next().await.is_some() {}
        })
    }

    /// Shuts down: lets calls finish, until the deadline.
    fn drain_patiently(self) -> BoxFuture<'static, Ended> {
        Box::pin(self.drain(pending()))
    }

    /// Shuts down: lets calls finish, until the deadline or `force`.
    async fn drain(mut self, force: impl Future<Output = ()>) -> Ended {
        let Drain { lame_duck, deadline } = self.drain;
        tracing::info!(connections = self.connections.len(), ?lame_duck, ?deadline, "the server is draining");
        #[cfg(feature = "health")]
        if let Some(health) = &self.health {
            health.not_serving().await;
        }
        // Clients that watch the health of the server leave before it refuses connections.
        let mut force = pin!(force);
        let is_forced = tokio::select! {
            _ = timeout(lame_duck, self.accept()) => false,
            () = &mut force => true,
        };
        self.listeners.clear();
        self.stage.send_replace(Stage::Draining);
        let finished = tokio::select! {
            biased;
            () = self.accept() => true,
            () = sleep(if is_forced { Duration::ZERO } else { deadline }) => false,
            () = &mut force, if !is_forced => false,
        };
        if finished {
            tracing::info!("the server has ended: all calls finished");
            return Ended::Drained;
        }
        tracing::warn!(connections = self.connections.len(), "the server is ending the calls that still run");
        self.stage.send_replace(Stage::Over);
        self.accept().await;
        tracing::info!("the server has ended");
        Ended::Cut
    }
}

/// The next connection of any listener; `None` once all listeners have ended.
fn poll_accept(
    listeners: &mut Vec<Connections>,
    cx: &mut Context<'_>,
) -> Poll<Option<io::Result<Box<dyn IncomingStream>>>> {
    let mut index = 0;
    while let Some(listener) = listeners.get_mut(index) {
        match listener.as_mut().poll_next(cx) {
            Poll::Ready(Some(accepted)) => {
                // The other listeners come first next time.
                listeners.rotate_left(index + 1);
                return Poll::Ready(Some(accepted));
            }
            Poll::Ready(None) => drop(listeners.remove(index)),
            Poll::Pending => index += 1,
        }
    }
    if listeners.is_empty() { Poll::Ready(None) } else { Poll::Pending }
}

fn log_not_accepted(error: &io::Error, count: u64) {
    tracing::warn!(%error, count, "cannot accept connections{}", remedy(error));
}

/// The remedy for an error that persists.
fn remedy(error: &io::Error) -> &'static str {
    // EMFILE and ENFILE, the same on all Unix systems; the standard library has no kind for them.
    match error.raw_os_error() {
        Some(23 | 24) if cfg!(unix) => {
            ": raise the limit of open files (`ulimit -n`, systemd's `LimitNOFILE=`), or lower `max_connections`"
        }
        _ => "",
    }
}

/// Whether the error concerns only the connection being accepted, whose client is gone.
fn is_of_one_connection(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, Interrupted};
    matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | Interrupted)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::future::ready;
    use tokio::time::Instant;

    #[tokio::test(start_paused = true)]
    async fn a_second_signal_ends_the_lame_duck_time_too() {
        let server = crate::serve("127.0.0.1:0").lame_duck(Duration::from_secs(25)).bind().await.unwrap();
        let start = Instant::now();
        server.start().drain(ready(())).await;
        assert_eq!(start.elapsed().as_secs(), 0);
    }
}
