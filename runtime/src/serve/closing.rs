//! The stages in which a connection closes, and the signal that ends its calls.

use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;
use tonic::Status;

/// The stages in which a connection closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It accepts calls.
    Open,
    /// It accepts no more calls. Running ones may finish, except for calls that only watch the server.
    Draining,
    /// All calls end.
    Over,
}

/// Tells the calls of a connection in which stage it is, and why it closes.
#[derive(Debug)]
pub(super) struct Closing {
    stage: AtomicU8,
    reason: OnceLock<&'static str>,
    changed: Arc<Notify>,
}

impl Closing {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { stage: AtomicU8::new(Stage::Open as u8), reason: OnceLock::new(), changed: Arc::default() })
    }

    /// Advances to `stage`, for a reason that callers receive as the text of their status.
    pub(super) fn advance(&self, stage: Stage, reason: &'static str) {
        let _ = self.reason.set(reason);
        self.stage.fetch_max(stage as u8, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    fn has_reached(&self, stage: Stage) -> bool {
        self.stage.load(Ordering::SeqCst) >= stage as u8
    }

    fn status(&self) -> Status {
        Status::unavailable(self.reason.get().copied().unwrap_or_default())
    }
}

/// Tells one call when it must end.
pub(super) struct EndSignal {
    closing: Arc<Closing>,
    /// The stage at which the call ends.
    last: Stage,
    /// Registered once the call waits.
    changed: Option<Pin<Box<OwnedNotified>>>,
}

impl EndSignal {
    /// For a call of `path`. Calls that are about the server itself, its health and its reflection, do not keep a connection open.
    pub(super) fn new(closing: Arc<Closing>, path: &str) -> Self {
        let watches = path.starts_with("/grpc.health.v1.") || path.starts_with("/grpc.reflection.");
        Self { closing, last: if watches { Stage::Draining } else { Stage::Over }, changed: None }
    }

    /// The status that the call ends with, if all calls must end by now.
    pub(super) fn over(&self) -> Option<Status> {
        self.closing.has_reached(Stage::Over).then(|| self.closing.status())
    }

    /// Ready with a status once the call must end.
    pub(super) fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Status> {
        loop {
            // It is notified of changes from its creation on, so it must exist before the stage is checked.
            let changed = self.changed.get_or_insert_with(|| Box::pin(self.closing.changed.clone().notified_owned()));
            if self.closing.has_reached(self.last) {
                return Poll::Ready(self.closing.status());
            }
            ready!(changed.as_mut().poll(cx));
            self.changed = None;
        }
    }
}
