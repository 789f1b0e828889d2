//! Takes a stream of requests; gives it to the attempts of a call, one after the other or at once, until one is committed.
//!
//! gRFC A6: a client keeps what it has sent in a buffer, and `if the buffer size limit is exceeded, the RPC is committed`, as it is by the
//! headers of a response.

use super::requests::Many;
use crate::{codec::Encoded, intercept::OnMessage};
use bytes::Bytes;
use futures_core::Stream;
use std::{
    iter::successors,
    mem,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, Waker},
};

/// As much is kept of what was sent, in bytes: the window that HTTP/2 gives a stream at first.
const MOST_KEPT: usize = 64 * 1024 - 1;

/// Room for a few small messages at first.
const ROOM: usize = 1024;

/// A stream of requests, and what was sent of it.
pub(crate) struct Replay {
    shared: Arc<Mutex<Shared>>,
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

struct Shared {
    /// Nothing, once an attempt has it for itself.
    kept: Option<Kept>,
    /// How many attempts there were.
    made: usize,
    /// The first one that is not over.
    first: usize,
    /// The one that goes on alone.
    alone: Option<usize>,
    /// What waits for more requests, or to hear that it is over.
    waiting: Vec<Waker>,
}

/// Ends once another attempt goes on alone.
#[cfg(feature = "retry")]
pub(super) struct Over {
    shared: Arc<Mutex<Shared>>,
    attempt: usize,
}

struct Kept {
    many: Many,
    /// What was sent, each message behind its length.
    sent: Vec<u8>,
    most: usize,
    ended: bool,
}

/// The stream of requests as one attempt sends it.
pub(crate) enum Attempt {
    Kept(Reader),
    Alone(Many),
}

/// An attempt that shares its requests.
pub(crate) struct Reader {
    shared: Arc<Mutex<Shared>>,
    turns: Turns,
    attempt: usize,
    /// As much of what was sent before was sent again.
    sent: usize,
    /// Told of each message that is sent for the first time, once nothing is locked: whoever hears may ask about the call.
    on_message: OnMessage,
}

fn lock(shared: &Mutex<Shared>) -> MutexGuard<'_, Shared> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Replay {
    pub(super) fn new(many: Many) -> Self {
        let kept = Kept { many, sent: Vec::new(), most: MOST_KEPT, ended: false };
        let shared = Shared { kept: Some(kept), made: 0, first: 0, alone: None, waiting: Vec::new() };
        Self { shared: Arc::new(Mutex::new(shared)), turns: Turns::OneByOne, attempt: 0 }
    }

    /// The same stream for an attempt beside others, if all of it is still here; and what tells that attempt to end.
    #[cfg(feature = "retry")]
    pub(super) fn beside(&self) -> Option<(Self, Over)> {
        let mut shared = lock(&self.shared);
        shared.kept.as_ref()?;
        let attempt = shared.next();
        let over = Over { shared: self.shared.clone(), attempt };
        Some((Self { shared: self.shared.clone(), turns: Turns::AtOnce, attempt }, over))
    }

    /// Changes the stream, if it is still here.
    pub(super) fn set<T>(&self, change: impl FnOnce(&mut Many) -> T) -> Option<T> {
        lock(&self.shared).kept.as_mut().map(|kept| change(&mut kept.many))
    }

    /// Keeps at most so many bytes of what is sent.
    pub(super) fn keep_at_most(&self, bytes: usize) {
        if let Some(kept) = &mut lock(&self.shared).kept {
            kept.most = bytes;
        }
    }

    /// The stream from its beginning, for a run of the call that tells `on_message` of each message; nothing if it is not all here. The
    /// attempts of earlier runs are over.
    pub(super) fn again(&self, on_message: &OnMessage) -> Option<Self> {
        let sent: Vec<_> = {
            let mut shared = lock(&self.shared);
            (shared.first, shared.alone) = (shared.made + 1, None);
            let kept = shared.kept.as_mut().filter(|kept| !kept.many.have_failed())?;
            kept.many.on_message = on_message.clone();
            let sent = successors(kept.sent_at(0), |(_, next)| kept.sent_at(*next));
            sent.map(|(message, _)| message.len()).collect()
        };
        for len in sent {
            on_message.tell(len);
        }
        Some(Self { shared: self.shared.clone(), turns: Turns::OneByOne, attempt: 0 })
    }

    pub(super) fn are_kept(&self) -> bool {
        lock(&self.shared).kept.as_ref().is_some_and(|kept| !kept.many.have_failed())
    }

    /// The stream from its beginning.
    pub(super) fn attempt(&mut self, only: bool) -> Attempt {
        let mut shared = lock(&self.shared);
        if let Some(kept) = shared.kept.take_if(|_| only) {
            return Attempt::Alone(kept.many);
        }
        if self.turns == Turns::OneByOne {
            self.attempt = shared.next();
            shared.first = self.attempt;
        }
        let on_message = shared.kept.as_ref().map(|kept| kept.many.on_message.clone()).unwrap_or_default();
        let (shared, turns, attempt) = (self.shared.clone(), self.turns, self.attempt);
        Attempt::Kept(Reader { shared, turns, attempt, sent: 0, on_message })
    }

    /// The stream, if it is still here, for a call that is made once.
    pub(super) fn take(self) -> Option<Many> {
        lock(&self.shared).kept.take().map(|kept| kept.many)
    }

    /// Has the last attempt that was made from here go on alone, with nothing kept of what it sends.
    pub(super) fn commit(&self) {
        let mut shared = lock(&self.shared);
        shared.alone.get_or_insert(self.attempt);
        wake(shared);
    }
}

#[cfg(feature = "retry")]
impl Future for Over {
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
fn wake(mut shared: MutexGuard<'_, Shared>) {
    if shared.waiting.is_empty() {
        return;
    }
    let waiting = mem::take(&mut shared.waiting);
    drop(shared);
    waiting.into_iter().for_each(Waker::wake);
}

impl Shared {
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

impl Kept {
    /// The message that was sent at `at`, and where the next one is.
    fn sent_at(&self, at: usize) -> Option<(Encoded, usize)> {
        let (length, rest) = self.sent.get(at..)?.split_first_chunk()?;
        let length = usize::from_ne_bytes(*length);
        let message = Bytes::copy_from_slice(rest.get(..length)?);
        Some((Encoded::One(message), at + size_of::<usize>() + length))
    }

    /// Whether `message` can be kept, and with it all others.
    fn keep(&mut self, message: &Encoded) -> bool {
        let fits = self.sent.len() + size_of::<usize>() + message.len() <= self.most;
        if fits {
            if self.sent.is_empty() {
                self.sent.reserve(ROOM);
            }
            self.sent.extend(message.len().to_ne_bytes());
            self.sent.extend(message.as_bytes());
        }
        fits
    }
}

impl Attempt {
    /// Changes the stream, if it is still here.
    pub(super) fn set(&mut self, change: impl FnOnce(&mut Many)) {
        match self {
            Self::Kept(reader) => lock(&reader.shared).kept.as_mut().map_or((), |kept| change(&mut kept.many)),
            Self::Alone(many) => change(many),
        }
    }
}

/// What a shared stream has next, and the stream itself where it is shared no more.
type Next = (Option<Encoded>, Option<Many>);

impl Reader {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Next> {
        let mut shared = lock(&self.shared);
        // Nobody waits for an attempt that is over.
        if !shared.sends(self.attempt) {
            return Poll::Pending;
        }
        let committed = shared.alone.is_some();
        let Some(kept) = shared.kept.as_mut() else { return Poll::Pending };
        if let Some((message, next)) = kept.sent_at(self.sent) {
            self.sent = next;
            return Poll::Ready((Some(message), None));
        }
        if kept.ended {
            return Poll::Ready((None, None));
        }
        let Poll::Ready(message) = kept.many.poll_untold(cx) else {
            if self.turns == Turns::AtOnce {
                shared.wait(cx);
            }
            return Poll::Pending;
        };
        match &message {
            None => kept.ended = true,
            Some(message) if !committed && kept.keep(message) => self.sent = kept.sent.len(),
            Some(_) => {
                let alone = shared.kept.take().map(|kept| kept.many);
                shared.alone.get_or_insert(self.attempt);
                wake(shared);
                self.tell(message.as_ref());
                return Poll::Ready((message, alone));
            }
        }
        wake(shared);
        self.tell(message.as_ref());
        Poll::Ready((message, None))
    }

    fn tell(&self, message: Option<&Encoded>) {
        if let Some(message) = message {
            self.on_message.tell(message.len());
        }
    }
}

impl Drop for Reader {
    /// Whoever polled the stream last hears of its next request; another attempt has to poll it again.
    fn drop(&mut self) {
        if self.turns == Turns::AtOnce {
            wake(lock(&self.shared));
        }
    }
}

impl Stream for Attempt {
    type Item = Encoded;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Encoded>> {
        let next = match &mut *self {
            Self::Alone(many) => return Pin::new(many).poll_next(cx),
            Self::Kept(reader) => reader.poll(cx),
        };
        next.map(|(message, alone)| {
            if let Some(many) = alone {
                *self = Self::Alone(many);
            }
            message
        })
    }
}
