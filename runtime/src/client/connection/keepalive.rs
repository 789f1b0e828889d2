//! Keepalive: pings a server that has been silent for a while. Source: gRFC A8.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use h2::{Ping, PingPong, Reason};
use tokio::time::{Instant, Sleep, sleep};

use crate::connection::address::Address;
use crate::deadline::clock::{FAR, after};

/// The keepalive settings of a connection.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keepalive {
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) while_idle: bool,
}

/// The default interval: what servers permit by default, "`PERMIT_KEEPALIVE_TIME`, defaulting to `5 minutes`". It counts from the answer to the
/// ping before.
const INTERVAL: Duration = Duration::from_secs(5 * 60);

/// "`KEEPALIVE_TIMEOUT`, defaulting to `20 seconds`".
const TIMEOUT: Duration = Duration::from_secs(20);

/// gRFC A8 has no pings by default; a call without a deadline then waits forever if its server vanishes. These pings are too few for any server
/// to complain.
impl Default for Keepalive {
    fn default() -> Self {
        Self { interval: INTERVAL, timeout: TIMEOUT, while_idle: false }
    }
}

/// The keepalive settings of a channel, which a server's complaint changes for later connections.
#[derive(Clone)]
pub(crate) struct Keepalives {
    target: Arc<str>,
    next: Arc<Mutex<Keepalive>>,
}

impl Keepalives {
    /// The settings of a channel to `target`.
    pub(crate) fn new(target: Arc<str>, keepalive: Keepalive) -> Self {
        Self { target, next: Arc::new(Mutex::new(keepalive)) }
    }

    /// The settings of another channel to the same target.
    pub(crate) fn with(&self, keepalive: Keepalive) -> Self {
        Self::new(self.target.clone(), keepalive)
    }

    /// The settings of a connection that starts now.
    pub(crate) fn now(&self) -> Keepalive {
        *self.lock()
    }

    /// Logs the complaint, and doubles the interval of the connection to `address` for new connections: "It should log the occurrence [..] and
    /// double the configure `KEEPALIVE_TIME` used for new connections on that channel".
    fn complained(&self, address: &Address, interval: Duration) {
        let mut next = self.lock();
        next.interval = next.interval.max(interval.saturating_mul(2));
        tracing::warn!(
            target = &*self.target,
            %address,
            interval = ?next.interval,
            "the server complained about too many pings: new connections ping less often"
        );
    }

    fn lock(&self) -> MutexGuard<'_, Keepalive> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The activity of a connection: its open streams, and when the server last sent something.
#[derive(Debug)]
pub(crate) struct ConnectionActivity {
    streams: AtomicUsize,
    last_received: Mutex<Instant>,
}

/// A guard that counts an open stream until it is dropped, and records when the server sends something on it.
pub(crate) struct CallActivity(Arc<ConnectionActivity>);

impl CallActivity {
    pub(crate) fn of(activity: &Arc<ConnectionActivity>) -> Self {
        activity.streams.fetch_add(1, Ordering::Relaxed);
        Self(activity.clone())
    }

    pub(crate) fn record(&self) {
        *self.0.last_received.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

impl Drop for CallActivity {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The pings of one connection.
pub(crate) struct Pings {
    settings: Keepalive,
    address: Address,
    /// The settings of the channel, until a complaint is recorded: a running call and the end of the connection may both report it.
    all: Option<Keepalives>,
    h2: PingPong,
    activity: Arc<ConnectionActivity>,
    timer: Pin<Box<Sleep>>,
    is_ping_pending: bool,
}

impl Pings {
    pub(crate) fn new(all: &Keepalives, address: &Address, h2: PingPong) -> Self {
        let settings = all.now();
        let interval = settings.interval.min(FAR);
        let settings = Keepalive { interval, ..settings };
        let activity = ConnectionActivity { streams: AtomicUsize::new(0), last_received: Mutex::new(Instant::now()) };
        Self {
            settings,
            address: address.clone(),
            all: Some(all.clone()),
            h2,
            activity: Arc::new(activity),
            timer: Box::pin(sleep(interval)),
            is_ping_pending: false,
        }
    }

    pub(crate) fn activity(&self) -> &Arc<ConnectionActivity> {
        &self.activity
    }

    /// Records the `error` by which the connection takes no more calls, which may be a complaint about pings.
    pub(crate) fn ended(&mut self, error: &h2::Error) {
        // "GOAWAY with error code ENHANCE_YOUR_CALM and debug data equal to ASCII too_many_pings", which h2 shows in its text alone.
        let is_complaint = error.is_go_away() && error.is_remote() && error.reason() == Some(Reason::ENHANCE_YOUR_CALM);
        if is_complaint
            && error.to_string().contains("too_many_pings")
            && let Some(all) = self.all.take()
        {
            all.complained(&self.address, self.settings.interval);
        }
    }

    /// Completes when the server has not answered a ping in time. It must be polled when a call begins, as the connection is.
    pub(crate) fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Keepalive { interval, timeout, while_idle } = self.settings;
        loop {
            if self.is_ping_pending {
                if let Poll::Ready(answer) = self.h2.poll_pong(cx) {
                    self.is_ping_pending = false;
                    if answer.is_err() {
                        // The connection has ended.
                        return Poll::Pending;
                    }
                    self.timer.as_mut().reset(after(interval));
                    continue;
                }
                ready!(self.timer.as_mut().poll(cx));
                return Poll::Ready(());
            }
            ready!(self.timer.as_mut().poll(cx));
            let due = *self.activity.last_received.lock().unwrap_or_else(PoisonError::into_inner) + interval;
            if due > Instant::now() {
                self.timer.as_mut().reset(due);
                continue;
            }
            if (!while_idle && self.activity.streams.load(Ordering::Relaxed) == 0)
                || self.h2.send_ping(Ping::opaque()).is_err()
            {
                return Poll::Pending;
            }
            self.is_ping_pending = true;
            self.timer.as_mut().reset(after(timeout));
        }
    }
}
