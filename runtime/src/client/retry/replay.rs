//! Shares a stream of requests among the attempts of a call, until it is committed to one of them.
//!
//! Sent requests are buffered for other attempts. "If the buffer size limit is exceeded, the RPC is committed" (gRFC A6), and so it is when the
//! headers of a response arrive.

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

/// The default size of the buffer: the initial window of an HTTP/2 stream.
const DEFAULT_BUFFER: usize = 64 * 1024 - 1;

/// The initial capacity of the buffer, for a few small messages.
const INITIAL_CAPACITY: usize = 1024;

/// A stream of requests that attempts can replay.
pub(crate) struct Replay {
    shared: Arc<Mutex<ReplayState>>,
    mode: Mode,
    attempt: usize,
}

/// The relation between the attempts of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Each attempt ends the one before it.
    Retry,
    /// All attempts run until one is committed.
    Hedge,
}

struct ReplayState {
    /// `None`, once an attempt owns the stream.
    buffered: Option<BufferedRequests>,
    /// The number of attempts so far.
    made: usize,
    /// The first attempt that may still send.
    first: usize,
    /// The attempt to which the call is committed.
    committed: Option<usize>,
    /// Tasks that wait for requests or for the commitment.
    waiting: Vec<Waker>,
}

/// Completes when the call is committed to another attempt.
#[cfg(feature = "retry")]
pub(crate) struct Superseded {
    shared: Arc<Mutex<ReplayState>>,
    attempt: usize,
}

struct BufferedRequests {
    stream: RequestStream,
    /// The frames that were sent.
    sent: Vec<u8>,
    limit: usize,
    ended: bool,
}

/// The requests of one attempt.
pub(crate) enum AttemptRequests {
    Shared(SharedRequests),
    Owned(RequestStream),
}

/// The requests of an attempt that shares them with others.
pub(crate) struct SharedRequests {
    shared: Arc<Mutex<ReplayState>>,
    mode: Mode,
    attempt: usize,
    /// The number of buffered bytes that this attempt has sent.
    sent: usize,
    /// Observes each message that is sent for the first time. It runs without the lock, because an observer may inspect the call.
    on_message: OnMessage,
}

fn lock(shared: &Mutex<ReplayState>) -> MutexGuard<'_, ReplayState> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Replay {
    pub(crate) fn new(stream: RequestStream) -> Self {
        let buffered = BufferedRequests { stream, sent: Vec::new(), limit: DEFAULT_BUFFER, ended: false };
        let shared = ReplayState { buffered: Some(buffered), made: 0, first: 0, committed: None, waiting: Vec::new() };
        Self { shared: Arc::new(Mutex::new(shared)), mode: Mode::Retry, attempt: 0 }
    }

    /// The stream from the beginning for a hedged attempt, if all of it is buffered; and the signal that ends the attempt.
    #[cfg(feature = "retry")]
    pub(crate) fn for_hedge(&self) -> Option<(Self, Superseded)> {
        let mut shared = lock(&self.shared);
        shared.buffered.as_ref()?;
        let attempt = shared.next();
        let superseded = Superseded { shared: self.shared.clone(), attempt };
        Some((Self { shared: self.shared.clone(), mode: Mode::Hedge, attempt }, superseded))
    }

    /// Accesses the stream, unless an attempt owns it.
    pub(crate) fn with_stream<T>(&self, change: impl FnOnce(&mut RequestStream) -> T) -> Option<T> {
        lock(&self.shared).buffered.as_mut().map(|buffered| change(&mut buffered.stream))
    }

    /// Limits the buffer.
    pub(crate) fn limit_buffer(&self, bytes: usize) {
        if let Some(buffered) = &mut lock(&self.shared).buffered {
            buffered.limit = bytes;
        }
    }

    /// The stream from the beginning, for a run of the call by an interceptor, if all of it is buffered; `on_message` observes each message.
    /// Attempts of earlier runs send nothing more.
    pub(crate) fn for_run(&self, on_message: &OnMessage) -> Option<Self> {
        let sent: Vec<_> = {
            let mut shared = lock(&self.shared);
            (shared.first, shared.committed) = (shared.made + 1, None);
            let buffered = shared.buffered.as_mut().filter(|buffered| !buffered.stream.has_failed())?;
            buffered.stream.on_message = on_message.clone();
            Frame::lengths(&buffered.sent).collect()
        };
        for len in sent {
            on_message.tell(len);
        }
        Some(Self { shared: self.shared.clone(), mode: Mode::Retry, attempt: 0 })
    }

    pub(crate) fn is_buffered(&self) -> bool {
        lock(&self.shared).buffered.as_ref().is_some_and(|buffered| !buffered.stream.has_failed())
    }

    /// The stream from the beginning for the next attempt. An `only` attempt owns it.
    pub(crate) fn attempt(&mut self, only: bool) -> AttemptRequests {
        let mut shared = lock(&self.shared);
        if let Some(buffered) = shared.buffered.take_if(|_| only) {
            return AttemptRequests::Owned(buffered.stream);
        }
        if self.mode == Mode::Retry {
            self.attempt = shared.next();
            shared.first = self.attempt;
        }
        let on_message =
            shared.buffered.as_ref().map(|buffered| buffered.stream.on_message.clone()).unwrap_or_default();
        let (shared, mode, attempt) = (self.shared.clone(), self.mode, self.attempt);
        AttemptRequests::Shared(SharedRequests { shared, mode, attempt, sent: 0, on_message })
    }

    /// The stream, for a call that is sent once.
    pub(crate) fn take(self) -> Option<RequestStream> {
        lock(&self.shared).buffered.take().map(|buffered| buffered.stream)
    }

    /// Commits the call to the last attempt that was made from here, and stops buffering.
    pub(crate) fn commit(&self) {
        let mut shared = lock(&self.shared);
        shared.committed.get_or_insert(self.attempt);
        wake(shared);
    }
}

#[cfg(feature = "retry")]
impl Future for Superseded {
    type Output = ();

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        let mut shared = lock(&self.shared);
        if shared.may_send(self.attempt) {
            shared.wait(cx);
            return Poll::Pending;
        }
        Poll::Ready(())
    }
}

/// Wakes the waiting tasks after releasing the lock.
fn wake(mut shared: MutexGuard<'_, ReplayState>) {
    if shared.waiting.is_empty() {
        return;
    }
    let waiting = mem::take(&mut shared.waiting);
    drop(shared);
    waiting.into_iter().for_each(Waker::wake);
}

impl ReplayState {
    /// Whether the attempt may send.
    fn may_send(&self, attempt: usize) -> bool {
        attempt >= self.first && self.committed.is_none_or(|committed| committed == attempt)
    }

    /// The number of the next attempt.
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

impl BufferedRequests {
    /// Adds `frames` to the buffer, and returns whether they fit.
    fn push(&mut self, frames: &[u8]) -> bool {
        let fits = self.sent.len() + frames.len() <= self.limit;
        if fits {
            if self.sent.is_empty() {
                self.sent.reserve(INITIAL_CAPACITY);
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
            Self::Owned(stream) => stream.fill(cx, batch),
            Self::Shared(reader) => {
                let (filled, owned) = reader.fill(cx, batch);
                if let Some(stream) = owned {
                    *self = Self::Owned(stream);
                }
                filled
            }
        }
    }
}

impl SharedRequests {
    /// Writes the next messages; returns the stream too, if this attempt owns it from now on.
    fn fill(&mut self, cx: &mut Context<'_>, batch: &mut Batch) -> (Filled, Option<RequestStream>) {
        let mut shared = lock(&self.shared);
        // Nothing reads the body of an attempt that is over.
        if !shared.may_send(self.attempt) {
            return (Filled::Paused, None);
        }
        let committed = shared.committed.is_some();
        let Some(buffered) = shared.buffered.as_mut() else { return (Filled::Paused, None) };
        if self.sent < buffered.sent.len() {
            self.sent += batch.put_some(&buffered.sent[self.sent..]);
            return (Filled::Paused, None);
        }
        if buffered.ended {
            return (Filled::Ended, None);
        }
        let start = batch.len();
        let filled = buffered.stream.fill_unobserved(cx, batch);
        let written = batch.behind(start);
        if written.is_empty() && matches!(filled, Filled::Paused) {
            if self.mode == Mode::Hedge {
                shared.wait(cx);
            }
            return (filled, None);
        }
        buffered.ended |= matches!(filled, Filled::Ended);
        let fits = written.is_empty() || (!committed && buffered.push(written));
        self.sent = buffered.sent.len();
        let owned = shared.buffered.take_if(|_| !fits).map(|buffered| buffered.stream);
        if owned.is_some() {
            shared.committed.get_or_insert(self.attempt);
        }
        wake(shared);
        batch.tell(start, &self.on_message);
        (filled, owned)
    }
}

impl Drop for SharedRequests {
    /// Wakes the other attempts: the stream only wakes the task that polled it last, which was perhaps this one.
    fn drop(&mut self) {
        if self.mode == Mode::Hedge {
            wake(lock(&self.shared));
        }
    }
}
