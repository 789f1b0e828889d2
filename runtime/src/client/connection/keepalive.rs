//! Asks a server that has been silent for a while whether its connection still stands.

use crate::deadline::clock::{FAR, after};
use h2::{Ping, PingPong};
use std::{
    future::Future,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep};

/// When a connection is asked whether it still stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Keepalive {
    pub(crate) interval: Duration,
    pub(crate) timeout: Duration,
    pub(crate) while_idle: bool,
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
    h2: PingPong,
    beat: Arc<Beat>,
    timer: Pin<Box<Sleep>>,
    is_asked: bool,
}

impl Pings {
    pub(crate) fn new(settings: Keepalive, h2: PingPong) -> Self {
        let interval = settings.interval.min(FAR);
        let settings = Keepalive { interval, ..settings };
        let beat = Beat { streams: AtomicUsize::new(0), heard: Mutex::new(Instant::now()) };
        Self { settings, h2, beat: Arc::new(beat), timer: Box::pin(sleep(interval)), is_asked: false }
    }

    pub(crate) fn beat(&self) -> &Arc<Beat> {
        &self.beat
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
