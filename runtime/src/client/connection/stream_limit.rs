//! Lets calls begin on a connection while the server takes more streams, a burst at a time; the others wait outside of h2.
//!
//! h2 itself would queue streams over the limit, but it cannot take one out of its queue: each whose call has ended is opened and reset, and
//! a server takes many of those for an attack. Nor does it give a queued request back once the connection is lost.
//!
//! A response that has come whole and that nobody has read is a stream no more, which only h2 knows. So one stream at a time may begin over
//! the limit: it waits in h2, or h2 has room for it.

use crate::connection::write_batching::WriteBatching;
use bytes::Bytes;
use h2::client::SendRequest;
use std::{
    pin::pin,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::Context,
};
use tokio::sync::Notify;

/// So many calls may begin before the connection has its turn to write: of thousands of small frames that come together, a server of h2's
/// thinks that they are an attack.
const BURST: usize = 128;

/// How many streams a connection has, and may have.
pub(crate) struct StreamLimit {
    streams: Mutex<Streams>,
    is_closed: AtomicBool,
    /// Told of each stream that ends, of the connection's turns, and of its end.
    changed: Notify,
}

struct Streams {
    open: usize,
    /// The server's `SETTINGS_MAX_CONCURRENT_STREAMS`.
    most: usize,
    /// Those that began since the connection had its turn.
    begun: usize,
    write_batching: WriteBatching,
    overflow: Overflow,
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
    kind: SlotKind,
}

#[derive(Clone, Copy, PartialEq)]
enum SlotKind {
    WithinLimit,
    OverLimit,
}

enum Admission {
    Granted(SlotKind),
    Full,
    Closed,
}

impl StreamLimit {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        let streams = Mutex::new(Streams {
            open: 0,
            most,
            begun: 0,
            write_batching: WriteBatching::default(),
            overflow: Overflow::None,
        });
        Arc::new(Self { streams, is_closed: AtomicBool::new(false), changed: Notify::new() })
    }

    /// Waits for room; nothing, once the connection takes no more calls.
    pub(crate) async fn enter(self: &Arc<Self>) -> Option<Slot> {
        let slot = |kind| Some(Slot { limit: self.clone(), kind });
        // There is room for nearly every call, which then waits for nothing.
        if let Admission::Granted(kind) = self.try_enter() {
            return slot(kind);
        }
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            match self.try_enter() {
                Admission::Granted(kind) => return slot(kind),
                Admission::Closed => return None,
                Admission::Full => changed.await,
            }
        }
    }

    fn try_enter(&self) -> Admission {
        if self.is_closed() {
            return Admission::Closed;
        }
        self.with(|streams| {
            let kind = if streams.open < streams.most { SlotKind::WithinLimit } else { SlotKind::OverLimit };
            if streams.begun >= BURST || kind == SlotKind::OverLimit && !matches!(streams.overflow, Overflow::None) {
                return Admission::Full;
            }
            if kind == SlotKind::OverLimit {
                streams.overflow = Overflow::Entered;
            }
            streams.open += 1;
            Admission::Granted(kind)
        })
    }

    /// Whether the connection had better let calls run before it has its turn: where some have just begun, others that are under way may be
    /// about to end, and callers to make the next ones.
    pub(crate) fn waits(&self) -> bool {
        self.with(|streams| streams.write_batching.waits(streams.begun, streams.open - streams.begun.min(streams.open)))
    }

    /// The connection has its turn, and its server takes `most` streams.
    pub(crate) fn turn(&self, most: usize, cx: &mut Context<'_>) {
        let (has_begun, is_wider) = self.with(|streams| {
            let has_begun = match &mut streams.overflow {
                Overflow::Waits(sender) => sender.poll_ready(cx).is_ready(),
                Overflow::None | Overflow::Entered => false,
            };
            if has_begun {
                streams.overflow = Overflow::None;
            }
            let is_wider = streams.begun >= BURST || most > streams.most;
            streams.write_batching.turn(streams.begun);
            (streams.begun, streams.most) = (0, most);
            (has_begun, is_wider)
        });
        if is_wider {
            self.changed.notify_waiters();
        } else if has_begun {
            self.changed.notify_one();
        }
    }

    /// No stream begins any more.
    pub(crate) fn close(&self) {
        self.is_closed.store(true, Ordering::Release);
        let overflow = self.with(|streams| std::mem::replace(&mut streams.overflow, Overflow::None));
        drop(overflow);
        self.changed.notify_waiters();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.is_closed.load(Ordering::Acquire)
    }

    fn with<T>(&self, change: impl FnOnce(&mut Streams) -> T) -> T {
        change(&mut self.streams.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Slot {
    /// The stream has begun by `sender`, which wakes the connection.
    pub(crate) fn begin(&mut self, sender: SendRequest<Bytes>) {
        let kind = std::mem::replace(&mut self.kind, SlotKind::WithinLimit);
        self.limit.with(|streams| {
            streams.begun += 1;
            if kind == SlotKind::OverLimit {
                streams.overflow = if self.limit.is_closed() { Overflow::None } else { Overflow::Waits(sender) };
            }
        });
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.limit.with(|streams| {
            streams.open -= 1;
            if self.kind == SlotKind::OverLimit {
                streams.overflow = Overflow::None;
            }
        });
        self.limit.changed.notify_one();
    }
}
