//! Shares a stream of requests among the attempts of a call, until one of them is committed.
//!
//! gRFC A6: a client keeps what it has sent in a buffer, and `if the buffer size limit is exceeded, the RPC is committed`, as it is by the
//! headers of a response.

use std::mem;
#[cfg(feature = "retry")]
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
#[cfg(feature = "retry")]
use std::task::Poll;
use std::task::{Context, Waker};

use crate::client::attempt::RequestStream;
use crate::grpc::{Batch, Filled, Frame};
use crate::intercept::OnMessage;

/// How many bytes of what was sent are kept by default: the initial window of an HTTP/2 stream.
const MOST_KEPT: usize = 64 * 1024 - 1;

/// Room for a few small messages at first.
const ROOM: usize = 1024;

/// A stream of requests, and what was sent of it.
pub(crate) struct Replay {
    shared: Arc<Mutex<ReplayState>>,
    turns: Turns,
    attempt: usize,
}

/// How the attempts of a call send its requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Turns {
    /// Each ends the one before it.
    OneByOne,
    /// All send until one goes on alone.
    AtOnce,
}

struct ReplayState {
    /// Nothing, once an attempt has it for itself.
    kept: Option<KeptRequests>,
    /// How many attempts there were.
    made: usize,
    /// The first one that is not over.
    first: usize,
    /// The one that goes on alone.
    alone: Option<usize>,
    /// Tasks that wait for more requests, or for the end.
    waiting: Vec<Waker>,
}

/// A future that is ready once another attempt goes on alone.
#[cfg(feature = "retry")]
pub(crate) struct Superseded {
    shared: Arc<Mutex<ReplayState>>,
    attempt: usize,
}

struct KeptRequests {
    stream: RequestStream,
    /// The frames of what was sent.
    sent: Vec<u8>,
    most: usize,
    ended: bool,
}

/// The stream of requests as one attempt sends it.
pub(crate) enum AttemptRequests {
    Kept(SharedRequests),
    Alone(RequestStream),
}

/// An attempt that shares its requests.
pub(crate) struct SharedRequests {
    shared: Arc<Mutex<ReplayState>>,
    turns: Turns,
    attempt: usize,
    /// How many bytes of earlier attempts this one has sent again.
    sent: usize,
    /// Told of each message that is sent for the first time, once nothing is locked: whoever hears may ask about the call.
    on_message: OnMessage,
}

fn lock(shared: &Mutex<ReplayState>) -> MutexGuard<'_, ReplayState> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Replay {
    pub(crate) fn new(stream: RequestStream) -> Self {
        let kept = KeptRequests { stream, sent: Vec::new(), most: MOST_KEPT, ended: false };
        let shared = ReplayState { kept: Some(kept), made: 0, first: 0, alone: None, waiting: Vec::new() };
        Self { shared: Arc::new(Mutex::new(shared)), turns: Turns::OneByOne, attempt: 0 }
    }

    /// The same stream for an attempt beside others, if all of it is still here; and what tells that attempt to end.
    #[cfg(feature = "retry")]
    pub(crate) fn beside(&self) -> Option<(Self, Superseded)> {
        let mut shared = lock(&self.shared);
        shared.kept.as_ref()?;
        let attempt = shared.next();
        let superseded = Superseded { shared: self.shared.clone(), attempt };
        Some((Self { shared: self.shared.clone(), turns: Turns::AtOnce, attempt }, superseded))
    }

    /// Changes the stream, if it is still here.
    pub(crate) fn set<T>(&self, change: impl FnOnce(&mut RequestStream) -> T) -> Option<T> {
        lock(&self.shared).kept.as_mut().map(|kept| change(&mut kept.stream))
    }

    /// Keeps at most so many bytes of what is sent.
    pub(crate) fn keep_at_most(&self, bytes: usize) {
        if let Some(kept) = &mut lock(&self.shared).kept {
            kept.most = bytes;
        }
    }

    /// The stream from its beginning, for a run of the call that tells `on_message` of each message; nothing if it is not all here. The
    /// attempts of earlier runs are over.
    pub(crate) fn again(&self, on_message: &OnMessage) -> Option<Self> {
        let sent: Vec<_> = {
            let mut shared = lock(&self.shared);
            (shared.first, shared.alone) = (shared.made + 1, None);
            let kept = shared.kept.as_mut().filter(|kept| !kept.stream.have_failed())?;
            kept.stream.on_message = on_message.clone();
            Frame::lengths(&kept.sent).collect()
        };
        for len in sent {
            on_message.tell(len);
        }
        Some(Self { shared: self.shared.clone(), turns: Turns::OneByOne, attempt: 0 })
    }

    pub(crate) fn are_kept(&self) -> bool {
        lock(&self.shared).kept.as_ref().is_some_and(|kept| !kept.stream.have_failed())
    }

    /// The stream from its beginning.
    pub(crate) fn attempt(&mut self, only: bool) -> AttemptRequests {
        let mut shared = lock(&self.shared);
        if let Some(kept) = shared.kept.take_if(|_| only) {
            return AttemptRequests::Alone(kept.stream);
        }
        if self.turns == Turns::OneByOne {
            self.attempt = shared.next();
            shared.first = self.attempt;
        }
        let on_message = shared.kept.as_ref().map(|kept| kept.stream.on_message.clone()).unwrap_or_default();
        let (shared, turns, attempt) = (self.shared.clone(), self.turns, self.attempt);
        AttemptRequests::Kept(SharedRequests { shared, turns, attempt, sent: 0, on_message })
    }

    /// The stream, if it is still here, for a call that is made once.
    pub(crate) fn take(self) -> Option<RequestStream> {
        lock(&self.shared).kept.take().map(|kept| kept.stream)
    }

    /// Has the last attempt that was made from here go on alone, with nothing kept of what it sends.
    pub(crate) fn commit(&self) {
        let mut shared = lock(&self.shared);
        shared.alone.get_or_insert(self.attempt);
        wake(shared);
    }
}

#[cfg(feature = "retry")]
impl Future for Superseded {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut shared = lock(&self.shared);
        if shared.sends(self.attempt) {
            shared.wait(cx);
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}

/// Wakes what waits, once the lock is free.
fn wake(mut shared: MutexGuard<'_, ReplayState>) {
    if shared.waiting.is_empty() {
        return;
    }
    let waiting = mem::take(&mut shared.waiting);
    drop(shared);
    waiting.into_iter().for_each(Waker::wake);
}

impl ReplayState {
    /// Whether the attempt may send, as far as others let it.
    fn sends(&self, attempt: usize) -> bool {
        attempt >= self.first && self.alone.is_none_or(|alone| alone == attempt)
    }

    /// The number of another attempt.
    fn next(&mut self) -> usize {
        self.made += 1;
        self.made
    }

    fn wait(&mut self, cx: &Context<'_>) {
        if !self.waiting.iter().any(|waker| waker.will_wake(cx.waker())) {
            self.waiting.push(cx.waker().clone());
        }
    }
}

impl KeptRequests {
    /// Whether `frames` can be kept, and with them all others.
    fn keep(&mut self, frames: &[u8]) -> bool {
        let fits = self.sent.len() + frames.len() <= self.most;
        if fits {
            if self.sent.is_empty() {
                self.sent.reserve(ROOM);
            }
            self.sent.extend_from_slice(frames);
        }
        fits
    }
}

impl AttemptRequests {
    /// Writes the next messages.
    pub(crate) fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> Filled {
        match self {
            Self::Alone(stream) => stream.fill(cx, batch),
            Self::Kept(reader) => {
                let (filled, alone) = reader.fill(cx, batch);
                if let Some(stream) = alone {
                    *self = Self::Alone(stream);
                }
                filled
            }
        }
    }
}

impl SharedRequests {
    /// Writes what a shared stream has next; gives the stream itself where it is shared no more.
    fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> (Filled, Option<RequestStream>) {
        let mut shared = lock(&self.shared);
        // Nobody waits for an attempt that is over.
        if !shared.sends(self.attempt) {
            return (Filled::Paused, None);
        }
        let committed = shared.alone.is_some();
        let Some(kept) = shared.kept.as_mut() else { return (Filled::Paused, None) };
        if self.sent < kept.sent.len() {
            self.sent += batch.put_some(&kept.sent[self.sent..]);
            return (Filled::Paused, None);
        }
        if kept.ended {
            return (Filled::Ended, None);
        }
        let start = batch.len();
        let filled = kept.stream.fill_untold(cx, batch);
        let written = batch.behind(start);
        if written.is_empty() && matches!(filled, Filled::Paused) {
            if self.turns == Turns::AtOnce {
                shared.wait(cx);
            }
            return (filled, None);
        }
        kept.ended |= matches!(filled, Filled::Ended);
        let is_kept = written.is_empty() || (!committed && kept.keep(written));
        self.sent = kept.sent.len();
        let alone = shared.kept.take_if(|_| !is_kept).map(|kept| kept.stream);
        if alone.is_some() {
            shared.alone.get_or_insert(self.attempt);
        }
        wake(shared);
        batch.tell(start, &self.on_message);
        (filled, alone)
    }
}

impl Drop for SharedRequests {
    /// Whoever polled the stream last hears of its next request; another attempt has to poll it again.
    fn drop(&mut self) {
        if self.turns == Turns::AtOnce {
            wake(lock(&self.shared));
        }
    }
}
