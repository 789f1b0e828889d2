//! Asks a server that has been silent for a while whether its connection still stands. Source: gRFC A8.

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

/// When a connection is asked whether it still stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keepalive {
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) while_idle: bool,
}

/// As often as a server takes pings that nobody told it of: "`PERMIT_KEEPALIVE_TIME`, defaulting to `5 minutes`". The next ping is that much
/// later than the answer to the one before.
const INTERVAL: Duration = Duration::from_secs(5 * 60);

/// "`KEEPALIVE_TIMEOUT`, defaulting to `20 seconds`".
const TIMEOUT: Duration = Duration::from_secs(20);

/// The default of every channel. gRFC A8 has no pings by default, and a call without a deadline then waits forever when
/// its server vanishes; no server takes these pings for too many.
impl Default for Keepalive {
    fn default() -> Self {
        Self { interval: INTERVAL, timeout: TIMEOUT, while_idle: false }
    }
}

/// The keepalive of a channel, whose connections ask less often once a server has complained.
#[derive(Clone)]
pub(crate) struct Keepalives {
    target: Arc<str>,
    next: Arc<Mutex<Keepalive>>,
}

impl Keepalives {
    /// Of a channel to `target`.
    pub(crate) fn new(target: Arc<str>, keepalive: Keepalive) -> Self {
        Self { target, next: Arc::new(Mutex::new(keepalive)) }
    }

    /// Of another channel to the same target.
    pub(crate) fn with(&self, keepalive: Keepalive) -> Self {
        Self::new(self.target.clone(), keepalive)
    }

    /// For a connection that begins now.
    pub(crate) fn now(&self) -> Keepalive {
        *self.lock()
    }

    /// "It should log the occurrence [..] and double the configure `KEEPALIVE_TIME` used for new connections on that channel": that of
    /// the connection to `address`, for others that began with it may complain as well.
    fn complained(&self, address: &Address, interval: Duration) {
        let mut next = self.lock();
        next.interval = next.interval.max(interval.saturating_mul(2));
        tracing::warn!(
            target = &*self.target,
            %address,
            interval = ?next.interval,
            "the server complained of too many pings: the next connections ask less often"
        );
    }

    fn lock(&self) -> MutexGuard<'_, Keepalive> {
        self.next.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Reports of calls about their connection.
#[derive(Debug)]
pub(crate) struct Beat {
    streams: AtomicUsize,
    heard: Mutex<Instant>,
}

/// A call under way, which tells when it hears from the server.
pub(crate) struct Heard(Arc<Beat>);

impl Heard {
    pub(crate) fn of(beat: &Arc<Beat>) -> Self {
        beat.streams.fetch_add(1, Ordering::Relaxed);
        Self(beat.clone())
    }

    pub(crate) fn now(&self) {
        *self.0.heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }
}

impl Drop for Heard {
    fn drop(&mut self) {
        self.0.streams.fetch_sub(1, Ordering::Relaxed);
    }
}

/// The pings of one connection.
pub(crate) struct Pings {
    settings: Keepalive,
    address: Address,
    /// Of the channel, until it has heard of a complaint: of one, calls under way and the end of the connection both tell.
    all: Option<Keepalives>,
    h2: PingPong,
    beat: Arc<Beat>,
    timer: Pin<Box<Sleep>>,
    is_asked: bool,
}

impl Pings {
    pub(crate) fn new(all: &Keepalives, address: &Address, h2: PingPong) -> Self {
        let settings = all.now();
        let interval = settings.interval.min(FAR);
        let settings = Keepalive { interval, ..settings };
        let beat = Beat { streams: AtomicUsize::new(0), heard: Mutex::new(Instant::now()) };
        Self {
            settings,
            address: address.clone(),
            all: Some(all.clone()),
            h2,
            beat: Arc::new(beat),
            timer: Box::pin(sleep(interval)),
            is_asked: false,
        }
    }

    pub(crate) fn beat(&self) -> &Arc<Beat> {
        &self.beat
    }

    /// The connection takes no more calls, or has ended, by `error`, which may be a server's complaint of the pings.
    pub(crate) fn ended(&mut self, error: &h2::Error) {
        // "GOAWAY with error code ENHANCE_YOUR_CALM and debug data equal to ASCII too_many_pings", which h2 has in its text alone.
        let is_complaint = error.is_go_away() && error.is_remote() && error.reason() == Some(Reason::ENHANCE_YOUR_CALM);
        if is_complaint
            && error.to_string().contains("too_many_pings")
            && let Some(all) = self.all.take()
        {
            all.complained(&self.address, self.settings.interval);
        }
    }

    /// Ready once the server has not answered in time. Must be polled whenever a call begins, as h2 has the connection
    /// polled.
    pub(crate) fn poll_silence(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Keepalive { interval, timeout, while_idle } = self.settings;
        loop {
            if self.is_asked {
                if let Poll::Ready(answer) = self.h2.poll_pong(cx) {
                    self.is_asked = false;
                    if answer.is_err() {
                        // The connection is at its end.
                        return Poll::Pending;
                    }
                    self.timer.as_mut().reset(after(interval));
                    continue;
                }
                ready!(self.timer.as_mut().poll(cx));
                return Poll::Ready(());
            }
            ready!(self.timer.as_mut().poll(cx));
            let due = *self.beat.heard.lock().unwrap_or_else(PoisonError::into_inner) + interval;
            if due > Instant::now() {
                self.timer.as_mut().reset(due);
                continue;
            }
            if (!while_idle && self.beat.streams.load(Ordering::Relaxed) == 0)
                || self.h2.send_ping(Ping::opaque()).is_err()
            {
                return Poll::Pending;
            }
            self.is_asked = true;
            self.timer.as_mut().reset(after(timeout));
        }
    }
}
