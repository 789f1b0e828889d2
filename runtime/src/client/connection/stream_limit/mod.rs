//! Limits the streams of a connection to what the server accepts. Calls over the limit wait here, and not in h2.
//!
//! h2 queues streams over the limit, but cannot remove one from its queue: if the call has ended, h2 still opens the stream and resets it, and
//! servers take many resets for an attack. Nor does h2 return a queued request when the connection is lost.
//!
//! Only h2 knows that a stream has closed whose whole response has arrived but is unread. So one stream at a time may begin over the limit:
//! h2 has room for it, or queues it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};

use bytes::Bytes;
use h2::client::SendRequest;
use tokio::sync::oneshot;

use crate::connection::write_batching::WriteBatching;

/// The number of calls that may begin between two polls of the connection: a server that uses h2 takes thousands of small frames at once for an
/// attack.
const BURST: usize = 128;

/// The streams of a connection, and the calls that wait for one.
pub(crate) struct StreamLimit {
    streams: Mutex<Streams>,
    is_closed: AtomicBool,
}

struct Streams {
    open: usize,
    /// The server's `SETTINGS_MAX_CONCURRENT_STREAMS`.
    max: usize,
    /// The number of calls admitted since the connection was last polled.
    admitted: usize,
    /// The number of streams begun since then.
    begun: usize,
    /// Wakes the task of the connection.
    connection: Waker,
    write_batching: WriteBatching,
    overflow: Overflow,
    /// Waiting calls in the order in which they came. Some may have given up.
    waiting: VecDeque<oneshot::Sender<Slot>>,
}

/// The stream over the limit.
enum Overflow {
    None,
    /// It was admitted, but has not begun.
    Entered,
    /// h2 queues it. The sender is ready once it has begun.
    Waits(SendRequest<Bytes>),
}

/// The permission for one stream, until this is dropped.
pub(crate) struct Slot {
    limit: Arc<StreamLimit>,
    stage: SlotStage,
}

#[derive(Clone, Copy, PartialEq)]
enum SlotStage {
    EnteredWithinLimit,
    EnteredOverLimit,
    Begun,
}

enum Admission {
    Granted(SlotStage),
    Waits(oneshot::Receiver<Slot>),
    Closed,
}

impl StreamLimit {
    pub(crate) fn new(max: usize) -> Arc<Self> {
        let streams = Mutex::new(Streams {
            open: 0,
            max,
            admitted: 0,
            begun: 0,
            connection: Waker::noop().clone(),
            write_batching: WriteBatching::default(),
            overflow: Overflow::None,
            waiting: VecDeque::new(),
        });
        Arc::new(Self { streams, is_closed: AtomicBool::new(false) })
    }

    /// Waits for a stream, in the order of calls; `None` if the connection takes no more calls.
    pub(crate) async fn enter(self: &Arc<Self>) -> Option<Slot> {
        let admission = self.with(|streams| {
            if self.is_closed() {
                return Admission::Closed;
            }
            let stage = if streams.waiting.is_empty() { streams.admit() } else { None };
            stage.map_or_else(|| Admission::Waits(streams.wait()), Admission::Granted)
        });
        match admission {
            Admission::Granted(stage) => Some(self.slot(stage)),
            Admission::Waits(slot) => slot.await.ok(),
            Admission::Closed => None,
        }
    }

    fn slot(self: &Arc<Self>, stage: SlotStage) -> Slot {
        Slot { limit: self.clone(), stage }
    }

    /// Admits as many waiting calls as there is room for, the oldest first.
    fn admit_waiting(self: &Arc<Self>) {
        while let Some((call, stage)) = self.with(Streams::admit_next) {
            // A call that has given up drops its slot, which then goes to the next one.
            let _ = call.send(self.slot(stage));
        }
    }

    /// Whether the connection should let calls run before it writes: some have just begun, and others may be about to begin.
    pub(crate) fn waits(&self) -> bool {
        self.with(|streams| streams.write_batching.waits(streams.begun, streams.open - streams.begun.min(streams.open)))
    }

    /// Starts a poll of the connection, whose server accepts `max` streams.
    pub(crate) fn turn(self: &Arc<Self>, max: usize, cx: &mut Context<'_>) {
        self.with(|streams| {
            if let Overflow::Waits(sender) = &mut streams.overflow
                && sender.poll_ready(cx).is_ready()
            {
                streams.overflow = Overflow::None;
            }
            streams.write_batching.turn(streams.begun);
            (streams.admitted, streams.begun, streams.max) = (0, 0, max);
            streams.connection.clone_from(cx.waker());
        });
        self.admit_waiting();
    }

    /// Admits no more calls, and ends those that wait.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        let ended = self.with(|streams| {
            (std::mem::replace(&mut streams.overflow, Overflow::None), std::mem::take(&mut streams.waiting))
        });
        drop(ended);
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    fn with<T>(&self, change: impl FnOnce(&mut Streams) -> T) -> T {
        change(&mut self.streams.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Streams {
    /// Admits a call, if there is room.
    fn admit(&mut self) -> Option<SlotStage> {
        if self.admitted >= BURST {
            // A call that was admitted but never began has not woken it.
            self.connection.wake_by_ref();
            return None;
        }
        let stage = match self.overflow {
            _ if self.open < self.max => SlotStage::EnteredWithinLimit,
            Overflow::None => SlotStage::EnteredOverLimit,
            Overflow::Entered | Overflow::Waits(_) => return None,
        };
        if stage == SlotStage::EnteredOverLimit {
            self.overflow = Overflow::Entered;
        }
        (self.open, self.admitted) = (self.open + 1, self.admitted + 1);
        Some(stage)
    }

    /// Admits the first waiting call, if there is room.
    fn admit_next(&mut self) -> Option<(oneshot::Sender<Slot>, SlotStage)> {
        while self.waiting.front()?.is_closed() {
            self.waiting.pop_front();
        }
        let stage = self.admit()?;
        self.waiting.pop_front().map(|call| (call, stage))
    }

    /// Adds a waiting call. Calls that have given up are removed before they outnumber the others.
    fn wait(&mut self) -> oneshot::Receiver<Slot> {
        if self.waiting.len() == self.waiting.capacity() {
            self.waiting.retain(|call| !call.is_closed());
            self.waiting.reserve(self.waiting.len() + 1);
        }
        let (call, slot) = oneshot::channel();
        self.waiting.push_back(call);
        slot
    }
}

impl Slot {
    /// Records that the stream has begun with `sender`, which wakes the connection.
    pub(crate) fn begin(&mut self, sender: SendRequest<Bytes>) {
        let entered = std::mem::replace(&mut self.stage, SlotStage::Begun);
        self.limit.with(|streams| {
            streams.begun += 1;
            if entered == SlotStage::EnteredOverLimit {
                streams.overflow = if self.limit.is_closed() { Overflow::None } else { Overflow::Waits(sender) };
            }
        });
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.limit.with(|streams| {
            streams.open -= 1;
            if self.stage != SlotStage::Begun {
                streams.admitted = streams.admitted.saturating_sub(1);
            }
            if self.stage == SlotStage::EnteredOverLimit {
                streams.overflow = Overflow::None;
            }
        });
        self.limit.admit_waiting();
    }
}

#[cfg(test)]
mod tests;
