//! Reports the messages of a call to observers, and its end exactly once.

use std::mem;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::pin::Pin;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use futures_core::Stream;
use tonic::Status;

use super::list::List;
use crate::Deadline;
use crate::deadline::termination::deadline_exceeded;
use crate::grpc::codec::Encoded;
use crate::server::UserCode;

/// The callbacks for messages.
#[derive(Clone, Default)]
pub(crate) struct OnMessage(List<TellLength>);

/// Observes a message by its length.
pub(crate) type TellLength = Arc<dyn Fn(usize) + Send + Sync>;

impl OnMessage {
    pub(crate) fn push(&mut self, tell: TellLength) {
        self.0.push(tell);
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn tell(&self, len: usize) {
        for tell in self.0.iter() {
            tell(len);
        }
    }
}

fn is_late(deadline: Option<Deadline>) -> bool {
    deadline.is_some_and(|deadline| deadline.has_passed())
}

/// The status of a call that was dropped.
pub(super) fn dropped(deadline: Option<Deadline>) -> Status {
    if is_late(deadline) { deadline_exceeded() } else { Status::cancelled("the call was dropped before its end") }
}

type OnEnd = Box<dyn FnOnce(&Status) + Send>;

/// The status of a success, shared by all calls.
pub(super) fn ok() -> &'static Status {
    static OK: LazyLock<Status> = LazyLock::new(|| Status::ok(""));
    &OK
}

/// The callbacks for the messages and the end of a call. Dropping this reports the end.
#[derive(Default)]
pub(crate) struct Watch {
    pub(crate) on_message: OnMessage,
    /// The mutex is never locked. It makes this `Sync`, which the callbacks need not be.
    on_end: Mutex<List<OnEnd>>,
    deadline: Option<Deadline>,
}

impl Watch {
    pub(super) fn new(deadline: Option<Deadline>) -> Self {
        Self { on_message: OnMessage::default(), on_end: Mutex::default(), deadline }
    }

    pub(crate) fn of_messages(on_message: OnMessage) -> Self {
        Self { on_message, on_end: Mutex::default(), deadline: None }
    }

    pub(crate) fn on_end(&mut self, tell: OnEnd) {
        self.waiting().push(tell);
    }

    pub(super) fn is_empty(&mut self) -> bool {
        self.on_message.is_empty() && self.waiting().is_empty()
    }

    pub(crate) fn end(&mut self, status: &Status) {
        for tell in mem::take(self.waiting()) {
            tell(status);
        }
    }

    /// Whether the deadline of the call has passed.
    pub(super) fn is_late(&self) -> bool {
        is_late(self.deadline)
    }

    fn waiting(&mut self) -> &mut List<OnEnd> {
        self.on_end.get_mut().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        if self.waiting().is_empty() {
            return;
        }
        self.end(&dropped(self.deadline));
    }
}

/// The observers of one stream of messages.
#[derive(Default)]
pub(crate) struct Watches(Vec<Watch>);

impl Watches {
    pub(super) fn push(&mut self, watch: Watch) {
        self.0.push(watch);
    }

    pub(crate) fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Reports the length of a message, an error, or the end.
    #[inline]
    pub(crate) fn tell(&mut self, passed: Option<Result<usize, &Status>>) {
        for watch in &mut self.0 {
            match passed {
                Some(Ok(len)) => watch.on_message.tell(len),
                Some(Err(status)) => watch.end(status),
                None => watch.end(ok()),
            }
        }
    }
}

impl From<Watch> for Watches {
    fn from(mut watch: Watch) -> Self {
        if watch.is_empty() { Self::default() } else { Self(vec![watch]) }
    }
}

/// A stream of messages with observers.
pub(crate) struct Watched<S> {
    pub(crate) messages: S,
    pub(crate) watches: Watches,
}

impl<S: Stream<Item = Result<Encoded, Status>> + Unpin> Stream for Watched<S> {
    type Item = Result<Encoded, Status>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let Self { messages, watches } = &mut *self;
        let message = ready!(or_tell(|| Pin::new(messages).poll_next(cx), |status| watches.tell(Some(Err(status)))));
        self.watches.tell(message.as_ref().map(|message| message.as_ref().map(Encoded::len)));
        Poll::Ready(message)
    }
}

/// Calls `poll`. If it panics, calls `tell` and then continues to panic.
pub(super) fn or_tell<T>(poll: impl FnOnce() -> T, tell: impl FnOnce(&Status)) -> T {
    catch_unwind(AssertUnwindSafe(poll)).unwrap_or_else(|panic| {
        tell(&UserCode::Interceptor.panicked());
        resume_unwind(panic)
    })
}
