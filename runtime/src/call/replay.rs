//! Takes a stream of requests; gives it to one attempt of a call after another, until one is committed.
//!
//! gRFC A6: a client keeps what it has sent in a buffer, and `if the buffer size limit is exceeded, the RPC is committed`, as it is by the
//! headers of a response.

use super::requests::Many;
use crate::{codec::Encoded, intercept::OnMessage};
use bytes::Bytes;
use futures_core::Stream;
use std::{
    iter::successors,
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
};

/// As much is kept of what was sent, in bytes: the window that HTTP/2 gives a stream at first.
const MOST_KEPT: usize = 64 * 1024 - 1;

/// Room for a few small messages at first.
const ROOM: usize = 1024;

/// A stream of requests, and what was sent of it.
pub(crate) struct Replay(Arc<Mutex<Option<Kept>>>);

pub(crate) struct Kept {
    many: Many,
    /// What was sent, each message behind its length.
    sent: Vec<u8>,
    ended: bool,
    committed: bool,
    /// The attempt that sends.
    attempt: usize,
}

/// The stream of requests as one attempt sends it.
pub(crate) enum Attempt {
    Kept {
        place: Arc<Mutex<Option<Kept>>>,
        attempt: usize,
        /// As much of what was sent before was sent again.
        sent: usize,
    },
    Committed(Many),
}

fn lock(place: &Mutex<Option<Kept>>) -> MutexGuard<'_, Option<Kept>> {
    place.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Replay {
    pub(super) fn new(many: Many) -> Self {
        let kept = Kept { many, sent: Vec::new(), ended: false, committed: false, attempt: 0 };
        Self(Arc::new(Mutex::new(Some(kept))))
    }

    /// Changes the stream, if it is still here.
    pub(super) fn set<T>(&self, change: impl FnOnce(&mut Many) -> T) -> Option<T> {
        lock(&self.0).as_mut().map(|kept| change(&mut kept.many))
    }

    /// The stream from its beginning, for a run of the call that tells `on_message` of each message; nothing if it is not all here.
    pub(super) fn again(&self, on_message: OnMessage) -> Option<Self> {
        let mut place = lock(&self.0);
        let kept = place.as_mut()?;
        let sent = successors(kept.sent_at(0), |(_, next)| kept.sent_at(*next));
        for (message, _) in sent {
            on_message.tell(message.len());
        }
        kept.many.on_message = on_message;
        Some(Self(self.0.clone()))
    }

    pub(super) fn are_kept(&self) -> bool {
        lock(&self.0).is_some()
    }

    /// The stream from its beginning; an earlier attempt gets no more of it. Nothing is kept of what the `only` attempt sends.
    pub(super) fn attempt(&self, only: bool) -> Attempt {
        let mut place = lock(&self.0);
        if let Some(kept) = place.take_if(|_| only) {
            return Attempt::Committed(kept.many);
        }
        let attempt = place.as_mut().map_or(0, |kept| {
            kept.attempt += 1;
            kept.attempt
        });
        Attempt::Kept { place: self.0.clone(), attempt, sent: 0 }
    }

    pub(super) fn commit(self) {
        if let Some(kept) = &mut *lock(&self.0) {
            kept.committed = true;
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
        let fits = !self.committed && self.sent.len() + size_of::<usize>() + message.len() <= MOST_KEPT;
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
            Self::Kept { place, .. } => lock(place).as_mut().map_or((), |kept| change(&mut kept.many)),
            Self::Committed(many) => change(many),
        }
    }
}

impl Stream for Attempt {
    type Item = Encoded;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Encoded>> {
        let (place, attempt, sent) = match &mut *self {
            Self::Committed(many) => return Pin::new(many).poll_next(cx),
            Self::Kept { place, attempt, sent } => (place.clone(), *attempt, sent),
        };
        let mut place = lock(&place);
        // Nobody waits for an attempt before the last.
        let Some(kept) = place.as_mut().filter(|kept| kept.attempt == attempt) else { return Poll::Pending };
        if let Some((message, next)) = kept.sent_at(*sent) {
            *sent = next;
            return Poll::Ready(Some(message));
        }
        if kept.ended {
            return Poll::Ready(None);
        }
        let message = ready!(Pin::new(&mut kept.many).poll_next(cx));
        match &message {
            None => kept.ended = true,
            Some(message) if kept.keep(message) => *sent = kept.sent.len(),
            Some(_) => {
                if let Some(kept) = place.take() {
                    *self = Self::Committed(kept.many);
                }
            }
        }
        Poll::Ready(message)
    }
}
