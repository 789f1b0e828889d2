//! Ends calls with `UNAVAILABLE` when their connection has to close.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Response;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::sync::Notify;
use tokio::sync::futures::OwnedNotified;
use tonic::Status;
use tonic::body::Body;

use super::in_flight::CallInFlight;
use super::routes::{Answering, CalledPath, catch_layer};
use super::unread::Turn;
use crate::grpc::{trailers, trailers_only};

/// The stages in which a connection closes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Stage {
    /// It accepts calls.
    Open,
    /// It accepts no more calls. Those under way may finish, except for calls that only watch the server.
    Draining,
    /// All calls end.
    Over,
}

/// Tells the calls of a connection in which stage it is, and why it closes.
#[derive(Debug)]
pub(super) struct Ending {
    stage: AtomicU8,
    reason: OnceLock<&'static str>,
    changed: Arc<Notify>,
}

impl Ending {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self { stage: AtomicU8::new(Stage::Open as u8), reason: OnceLock::new(), changed: Arc::default() })
    }

    /// Advances to `stage`, for a reason that callers receive as the text of their status.
    pub(super) fn advance(&self, stage: Stage, reason: &'static str) {
        let _ = self.reason.set(reason);
        self.stage.fetch_max(stage as u8, Ordering::SeqCst);
        self.changed.notify_waiters();
    }

    fn has_come_to(&self, stage: Stage) -> bool {
        self.stage.load(Ordering::SeqCst) >= stage as u8
    }

    fn status(&self) -> Status {
        Status::unavailable(self.reason.get().copied().unwrap_or_default())
    }
}

/// Tells one call when it must end.
pub(super) struct Until {
    ending: Arc<Ending>,
    /// The stage at which the call ends.
    last: Stage,
    /// Registered once the call waits.
    changed: Option<Pin<Box<OwnedNotified>>>,
}

impl Until {
    /// For a call of `path`. Calls that are about the server itself, its health and its reflection, do not keep a connection open.
    pub(super) fn new(ending: Arc<Ending>, path: &str) -> Self {
        let watches = path.starts_with("/grpc.health.v1.") || path.starts_with("/grpc.reflection.");
        Self { ending, last: if watches { Stage::Draining } else { Stage::Over }, changed: None }
    }

    /// The status that the call ends with, if all calls must end by now.
    fn over(&self) -> Option<Status> {
        self.ending.has_come_to(Stage::Over).then(|| self.ending.status())
    }

    /// Ready with a status once the call must end.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<Status> {
        loop {
            // It is notified of changes from its creation on, so it must exist before the stage is checked.
            let changed = self.changed.get_or_insert_with(|| Box::pin(self.ending.changed.clone().notified_owned()));
            if self.ending.has_come_to(self.last) {
                return Poll::Ready(self.ending.status());
            }
            ready!(changed.as_mut().poll(cx));
            self.changed = None;
        }
    }
}

/// The future of a response, which the closing of the connection may end.
pub(super) struct BoundedCall {
    answering: Answering,
    /// Passed on to the body of the response. `None` if the response has bounds inside, or is made already.
    bounds: Option<CallBounds>,
}

/// The state that a call holds up to its end.
pub(super) struct CallBounds {
    pub(super) turn: Turn,
    pub(super) until: Until,
    pub(super) _in_flight: CallInFlight,
}

impl BoundedCall {
    pub(super) fn new(answering: Answering, bounds: CallBounds) -> Self {
        Self { answering, bounds: Some(bounds) }
    }

    /// A response that wraps one with bounds, or that refuses a call.
    pub(super) fn unbounded(answering: Answering) -> Self {
        Self { answering, bounds: None }
    }
}

impl Future for BoundedCall {
    type Output = Result<Response<BoundedBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { answering, bounds } = &mut *self;
        let Some(CallBounds { turn, until, .. }) = bounds else {
            let response = ready!(Pin::new(answering).poll(cx));
            return Poll::Ready(Ok(response.map(|body| BoundedBody { body: Some(body), bounds: None, path: None })));
        };
        let polled = if turn.poll(cx).is_ready() { Pin::new(answering).poll(cx) } else { Poll::Pending };
        let response = match polled {
            Poll::Ready(response) => response,
            Poll::Pending => trailers_only(&ready!(until.poll(cx))),
        };
        let (bounds, path) = (self.bounds.take(), self.answering.path());
        Poll::Ready(Ok(response.map(|body| BoundedBody { body: Some(body), bounds, path })))
    }
}

/// The body of a response, which the closing of the connection may end.
pub(super) struct BoundedBody {
    body: Option<Body>,
    bounds: Option<CallBounds>,
    path: CalledPath,
}

impl BoundedBody {
    /// Drops the rest of the body; returns trailers with `status`.
    fn end(&mut self, status: &Status) -> Frame<Bytes> {
        self.body = None;
        Frame::trailers(trailers(status))
    }
}

impl HttpBody for BoundedBody {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let Self { body, bounds, path } = &mut *self;
        let Some(body) = body else { return Poll::Ready(None) };
        let Some(CallBounds { turn, until, .. }) = bounds else { return Pin::new(body).poll_frame(cx) };
        // A body with a known length is sent to its end, without waiting: the client may have been told the length.
        let is_made = body.size_hint().exact().is_some();
        // Checked first, because a stream that always has a message is never pending.
        if !is_made && let Some(status) = until.over() {
            return Poll::Ready(Some(Ok(self.end(&status))));
        }
        let turn_is_here = is_made || turn.poll(cx).is_ready();
        let polled = match turn_is_here.then(|| catch_layer(path, || Pin::new(body).poll_frame(cx))) {
            Some(Ok(polled)) => polled,
            Some(Err(status)) => return Poll::Ready(Some(Ok(self.end(&status)))),
            None => Poll::Pending,
        };
        match polled {
            Poll::Ready(frame) => {
                Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(|piece| turn.count(piece)))))
            }
            Poll::Pending => {
                let status = ready!(until.poll(cx));
                Poll::Ready(Some(Ok(self.end(&status))))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), HttpBody::size_hint)
    }
}
