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
    collections::VecDeque,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Waker},
};
use tokio::sync::oneshot;

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
mod tests {
    use super::*;
    use std::{future::Future, pin::Pin, task::Poll};

    type Entering = Pin<Box<dyn Future<Output = Option<Slot>>>>;

    fn enter(limit: &Arc<StreamLimit>) -> Entering {
        let limit = limit.clone();
        Box::pin(async move { limit.enter().await })
    }

    fn poll(call: &mut Entering) -> Poll<Option<Slot>> {
        call.as_mut().poll(&mut Context::from_waker(Waker::noop()))
    }

    /// The slots of those of `calls` that have room by now, with their places in the order.
    fn admitted(calls: &mut [Entering]) -> Vec<(usize, Slot)> {
        let admitted = calls.iter_mut().enumerate().filter_map(|(at, call)| match poll(call) {
            Poll::Ready(Some(slot)) => Some((at, slot)),
            Poll::Ready(None) => panic!("the connection is open"),
            Poll::Pending => None,
        });
        admitted.collect()
    }

    fn places(admitted: &[(usize, Slot)]) -> Vec<usize> {
        admitted.iter().map(|(at, _)| *at).collect()
    }

    /// The slots of all streams that a server takes which takes `most`, and of the one over the limit; and `waiting` calls that wait.
    fn full(most: usize, waiting: usize) -> (Arc<StreamLimit>, Vec<(usize, Slot)>, Vec<Entering>) {
        let limit = StreamLimit::new(most);
        let mut first: Vec<_> = (0..=most).map(|_| enter(&limit)).collect();
        let slots = admitted(&mut first);
        assert_eq!(slots.len(), most + 1);
        let mut calls: Vec<_> = (0..waiting).map(|_| enter(&limit)).collect();
        assert!(admitted(&mut calls).is_empty());
        (limit, slots, calls)
    }

    fn turn(limit: &Arc<StreamLimit>, most: usize) {
        limit.turn(most, &mut Context::from_waker(Waker::noop()));
    }

    #[test]
    fn calls_begin_in_the_order_in_which_they_came() {
        let (limit, mut slots, mut calls) = full(3, 5);
        for first in 0..5 {
            slots.pop();
            // One comes just as there is room, and is asked before those that wait.
            calls.push(enter(&limit));
            assert!(poll(calls.last_mut().unwrap()).is_pending());
            let next = admitted(&mut calls);
            assert_eq!(places(&next), [0], "after {first}");
            slots.extend(next);
            drop(calls.remove(0));
        }
    }

    #[test]
    fn a_call_that_waits_no_more_holds_nobody_up() {
        let (_limit, mut slots, mut calls) = full(3, 4);
        // One goes before there is room, one after it was given some.
        drop(calls.remove(0));
        slots.pop();
        drop(calls.remove(0));
        assert_eq!(places(&admitted(&mut calls)), [0]);
    }

    #[test]
    fn calls_that_wait_no_more_are_forgotten() {
        let (limit, _slots, mut calls) = full(3, 2);
        for _ in 0..10_000 {
            let mut call = enter(&limit);
            assert!(poll(&mut call).is_pending());
        }
        assert!(limit.with(|streams| streams.waiting.len()) < 20);
        assert!(admitted(&mut calls).is_empty());
    }

    #[test]
    fn all_that_wait_have_what_room_there_is() {
        let (_limit, slots, mut calls) = full(3, 6);
        drop(slots);
        assert_eq!(places(&admitted(&mut calls)), [0, 1, 2, 3]);
    }

    #[test]
    fn a_server_that_takes_more_streams_has_more_at_its_next_turn() {
        let (limit, _slots, mut calls) = full(3, 6);
        turn(&limit, 6);
        let more = admitted(&mut calls);
        assert_eq!(places(&more), [0, 1]);
        turn(&limit, 2);
        drop(more);
        drop(calls.drain(..2));
        assert!(admitted(&mut calls).is_empty());
    }

    #[test]
    fn a_burst_begins_in_each_turn_whether_or_not_the_one_before_has_begun() {
        let (limit, mut slots, mut calls) = full(BURST - 1, 2 * BURST);
        for turns in 1..=2 {
            turn(&limit, 10 * BURST);
            assert_eq!(limit.with(|streams| streams.open), (turns + 1) * BURST);
        }
        slots.extend(admitted(&mut calls));
        assert_eq!(slots.len(), 3 * BURST);
    }

    #[test]
    fn calls_that_never_begin_use_up_no_burst() {
        let limit = StreamLimit::new(10 * BURST);
        for _ in 0..2 * BURST {
            assert!(poll(&mut enter(&limit)).is_ready());
        }
    }

    #[test]
    fn nobody_waits_on_a_closed_connection() {
        let (limit, _slots, mut calls) = full(3, 2);
        limit.close();
        calls.push(enter(&limit));
        for call in &mut calls {
            assert!(matches!(poll(call), Poll::Ready(None)));
        }
    }
}
