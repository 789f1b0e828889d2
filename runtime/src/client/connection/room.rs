//! Lets calls begin on a connection while the server takes more streams, a burst at a time; the others wait outside of h2.
//!
//! h2 itself would queue streams over the limit, but it cannot take one out of its queue: each whose call has ended is opened and reset, and
//! a server takes many of those for an attack. Nor does it give a queued request back once the connection is lost.
//!
//! A response that has come whole and that nobody has read is a stream no more, which only h2 knows. So one stream at a time may begin over
//! the limit: it waits in h2, or h2 has room for it.

use crate::connection::gathering::Gathering;
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
pub(crate) struct Room {
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
    gathering: Gathering,
    over: Over,
}

/// The stream over the limit.
enum Over {
    None,
    /// It is about to begin.
    Entered,
    /// It waits in h2, which says through this when it has begun.
    Waits(SendRequest<Bytes>),
}

/// Room for one stream, until this is dropped.
pub(crate) struct Slot {
    room: Arc<Room>,
    place: Place,
}

#[derive(Clone, Copy, PartialEq)]
enum Place {
    Within,
    Over,
}

enum Entry {
    Free(Place),
    Full,
    Closed,
}

impl Room {
    pub(crate) fn new(most: usize) -> Arc<Self> {
        let streams =
            Mutex::new(Streams { open: 0, most, begun: 0, gathering: Gathering::default(), over: Over::None });
        Arc::new(Self { streams, is_closed: AtomicBool::new(false), changed: Notify::new() })
    }

    /// Waits for room; nothing, once the connection takes no more calls.
    pub(crate) async fn enter(self: &Arc<Self>) -> Option<Slot> {
        let slot = |place| Some(Slot { room: self.clone(), place });
        // There is room for nearly every call, which then waits for nothing.
        if let Entry::Free(place) = self.try_enter() {
            return slot(place);
        }
        loop {
            let mut changed = pin!(self.changed.notified());
            changed.as_mut().enable();
            match self.try_enter() {
                Entry::Free(place) => return slot(place),
                Entry::Closed => return None,
                Entry::Full => changed.await,
            }
        }
    }

    fn try_enter(&self) -> Entry {
        if self.is_closed() {
            return Entry::Closed;
        }
        self.with(|streams| {
            let place = if streams.open < streams.most { Place::Within } else { Place::Over };
            if streams.begun >= BURST || place == Place::Over && !matches!(streams.over, Over::None) {
                return Entry::Full;
            }
            if place == Place::Over {
                streams.over = Over::Entered;
            }
            streams.open += 1;
            Entry::Free(place)
        })
    }

    /// Whether the connection had better let calls run before it has its turn: where some have just begun, others that are under way may be
    /// about to end, and callers to make the next ones.
    pub(crate) fn waits(&self) -> bool {
        self.with(|streams| streams.gathering.waits(streams.begun, streams.open - streams.begun.min(streams.open)))
    }

    /// The connection has its turn, and its server takes `most` streams.
    pub(crate) fn turn(&self, most: usize, cx: &mut Context<'_>) {
        let (has_begun, is_wider) = self.with(|streams| {
            let has_begun = match &mut streams.over {
                Over::Waits(sender) => sender.poll_ready(cx).is_ready(),
                Over::None | Over::Entered => false,
            };
            if has_begun {
                streams.over = Over::None;
            }
            let is_wider = streams.begun >= BURST || most > streams.most;
            streams.gathering.turn(streams.begun);
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
        let over = self.with(|streams| std::mem::replace(&mut streams.over, Over::None));
        drop(over);
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
        let place = std::mem::replace(&mut self.place, Place::Within);
        self.room.with(|streams| {
            streams.begun += 1;
            if place == Place::Over {
                streams.over = if self.room.is_closed() { Over::None } else { Over::Waits(sender) };
            }
        });
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.room.with(|streams| {
            streams.open -= 1;
            if self.place == Place::Over {
                streams.over = Over::None;
            }
        });
        self.room.changed.notify_one();
    }
}
