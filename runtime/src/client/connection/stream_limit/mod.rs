//! Lets calls begin on a connection while the server takes more streams, a burst at a time; the others wait outside of h2.
//!
//! h2 itself would queue streams over the limit, but it cannot take one out of its queue: each whose call has ended is opened and reset, and
//! a server takes many of those for an attack. Nor does it give a queued request back once the connection is lost.
//!
//! A response that has come whole and that nobody has read is a stream no more, which only h2 knows. So one stream at a time may begin over
//! the limit: it waits in h2, or h2 has room for it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Waker};

use bytes::Bytes;
use h2::client::SendRequest;
use tokio::sync::oneshot;

use crate::connection::write_batching::WriteBatching;

/// So many calls may begin before the connection has its turn to write: of thousands of small frames that come together, a server of h2's
/// thinks that they are an attack.
const BURST: usize = 128;

/// How many streams a connection has, and may have.
pub(crate) struct StreamLimit {
    streams: Mutex<Streams>,
    is_closed: AtomicBool,
}

struct Streams {
    open: usize,
    /// The server's `SETTINGS_MAX_CONCURRENT_STREAMS`.
    most: usize,
    /// Those that were let in since the connection had its turn.
    admitted: usize,
    /// Those that began since then.
    begun: usize,
    /// Has its turn once this is woken.
    connection: Waker,
    write_batching: WriteBatching,
    overflow: Overflow,
    /// Calls for which there was no room, in the order in which they came; also some that wait no more.
    waiting: VecDeque<oneshot::Sender<Slot>>,
}

/// The stream over the limit.
enum Overflow {
    None,
    /// It is about to begin.
    Entered,
    /// It waits in h2, which says through this when it has begun.
    Waits(SendRequest<Bytes>),
}

/// Room for one stream, until this is dropped.
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
    pub(crate) fn new(most: usize) -> Arc<Self> {
        let streams = Mutex::new(Streams {
            open: 0,
            most,
            admitted: 0,
            begun: 0,
            connection: Waker::noop().clone(),
            write_batching: WriteBatching::default(),
            overflow: Overflow::None,
            waiting: VecDeque::new(),
        });
        Arc::new(Self { streams, is_closed: AtomicBool::new(false) })
    }

    /// Waits for room, behind those that came before; nothing, once the connection takes no more calls.
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

    /// Gives the room that there is to those that have waited longest.
    fn admit_waiting(self: &Arc<Self>) {
        while let Some((call, stage)) = self.with(Streams::admit_next) {
            // One that has just gone drops its slot, and so gives it to the next.
            let _ = call.send(self.slot(stage));
        }
    }

    /// Whether the connection had better let calls run before it has its turn: where some have just begun, others that are under way may be
    /// about to end, and callers to make the next ones.
    pub(crate) fn waits(&self) -> bool {
        self.with(|streams| streams.write_batching.waits(streams.begun, streams.open - streams.begun.min(streams.open)))
    }

    /// The connection has its turn, and its server takes `most` streams.
    pub(crate) fn turn(self: &Arc<Self>, most: usize, cx: &mut Context<'_>) {
        self.with(|streams| {
            if let Overflow::Waits(sender) = &mut streams.overflow
                && sender.poll_ready(cx).is_ready()
            {
                streams.overflow = Overflow::None;
            }
            streams.write_batching.turn(streams.begun);
            (streams.admitted, streams.begun, streams.most) = (0, 0, most);
            streams.connection.clone_from(cx.waker());
        });
        self.admit_waiting();
    }

    /// No stream begins any more.
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
    /// Takes room for a stream, if there is any.
    fn admit(&mut self) -> Option<SlotStage> {
        if self.admitted >= BURST {
            // Those that were let in may not have begun, and so not have woken it.
            self.connection.wake_by_ref();
            return None;
        }
        let stage = match self.overflow {
            _ if self.open < self.most => SlotStage::EnteredWithinLimit,
            Overflow::None => SlotStage::EnteredOverLimit,
            Overflow::Entered | Overflow::Waits(_) => return None,
        };
        if stage == SlotStage::EnteredOverLimit {
            self.overflow = Overflow::Entered;
        }
        (self.open, self.admitted) = (self.open + 1, self.admitted + 1);
        Some(stage)
    }

    /// The first of those that wait, and the room that it has now.
    fn admit_next(&mut self) -> Option<(oneshot::Sender<Slot>, SlotStage)> {
        while self.waiting.front()?.is_closed() {
            self.waiting.pop_front();
        }
        let stage = self.admit()?;
        self.waiting.pop_front().map(|call| (call, stage))
    }

    /// Waits behind all others. Those that wait no more are taken out before they are as many as those that do.
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
    /// The stream has begun by `sender`, which wakes the connection.
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
