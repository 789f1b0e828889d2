//! The rest of a call as it runs behind an interceptor, and what that interceptor wants to hear of it.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::{fmt, mem};

use tonic::Status;

use super::watch::or_tell;
use super::{Answer, Attempt, Head, Next, OnMessage, TellAttempt, TellLength, Watch};
use crate::{BoxFuture, Deadline};

/// The rest of a call, which runs when this is awaited; [`Next::run`] makes it.
///
/// Before that, it takes functions that are told what happens, without holding it up. They run where the call runs: they should be quick,
/// and must not panic.
///
/// ```
/// use rgrpc::{Status, intercept::{Answer, Head, Next}};
/// use std::sync::{Arc, atomic::{AtomicUsize, Ordering::Relaxed}};
///
/// async fn count(head: Head, next: Next) -> Result<Answer, Status> {
///     let path = head.path().to_owned();
///     let bytes = Arc::new(AtomicUsize::new(0));
///     let received = bytes.clone();
///     let running = next.run(head).on_response(move |len| _ = bytes.fetch_add(len, Relaxed));
///     running.on_end(move |status| println!("{path}: {} bytes, {:?}", received.load(Relaxed), status.code())).await
/// }
/// ```
#[must_use = "the call does not run before this is awaited"]
pub struct Running {
    /// Until it starts.
    call: Option<(Next, Head)>,
    rest: Option<BoxFuture<'static, Result<Answer, Status>>>,
    observers: Option<Box<ResponseObservers>>,
}

/// The watches of the responses.
#[derive(Default)]
struct ResponseObservers {
    watch: Watch,
    /// Of each, on a server, as it is on the wire.
    sent: OnMessage,
}

impl Next {
    /// Runs the rest of the call with `head`, once this is awaited.
    ///
    /// A client can run it again, with a clone of both, as long as it [can](Self::can_run_again); otherwise another run ends with
    /// `INTERNAL`.
    pub fn run(self, head: Head) -> Running {
        Running { call: Some((self, head)), rest: None, observers: None }
    }
}

impl Running {
    fn head(&mut self) -> Option<&mut Head> {
        self.call.as_mut().map(|(_, head)| head)
    }

    pub(super) fn deadline(&self) -> Option<Deadline> {
        self.call.as_ref().and_then(|(_, head)| head.deadline)
    }

    fn observers(&mut self) -> &mut ResponseObservers {
        let deadline = self.deadline();
        self.observers.get_or_insert_with(|| {
            Box::new(ResponseObservers { watch: Watch::new(deadline), sent: OnMessage::default() })
        })
    }

    /// Calls `tell` once with the status that the rest of the call ends with, which may be OK: with a response of one message, or an
    /// error, as soon as it is there; with a stream of responses at its end.
    ///
    /// If it does not come to that, because the call or its stream of responses is dropped, the status is `CANCELLED`, or
    /// `DEADLINE_EXCEEDED` after the deadline.
    pub fn on_end(mut self, tell: impl FnOnce(&Status) + Send + 'static) -> Self {
        self.observers().watch.on_end(Box::new(tell));
        self
    }

    /// Calls `tell` with the length of each request, in bytes without compression: on a client when it is first sent, and again only
    /// where an interceptor further inside runs the call again; on a server when it has arrived.
    pub fn on_request(self, tell: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.tell_of_requests(Arc::new(tell))
    }

    pub(crate) fn tell_of_requests(mut self, tell: TellLength) -> Self {
        if let Some(head) = self.head() {
            head.observers.request.push(tell);
        }
        self
    }

    /// Calls `tell` with the length of each request that a server receives, as it is on the wire: compressed, if it is, and without the five
    /// bytes before it. On a client, each [attempt](Self::on_attempt) has its own.
    pub fn on_received(mut self, tell: impl Fn(usize) + Send + Sync + 'static) -> Self {
        if let Some(head) = self.head() {
            head.observers.received.push(Arc::new(tell));
        }
        self
    }

    /// Calls `tell` with the length of each response that a server sends, as it is on the wire; compressed ones are told of as they leave,
    /// which may be after the end of the call. On a client, each [attempt](Self::on_attempt) has its own.
    pub fn on_sent(mut self, tell: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.observers().sent.push(Arc::new(tell));
        self
    }

    /// Calls `tell` each time that a client sends the call, by a policy of its service config or because no server has processed it, and the
    /// first time. It is told no later than the metadata leaves, which it can change. A server sends nothing.
    ///
    /// ```
    /// use rgrpc::{Status, intercept::{Answer, Head, Next}};
    ///
    /// async fn log(head: Head, next: Next) -> Result<Answer, Status> {
    ///     let path = head.path().to_owned();
    ///     let running = next.run(head).on_attempt(move |attempt| {
    ///         let (path, cause) = (path.clone(), attempt.cause());
    ///         attempt.on_end(move |status| println!("{path}, {cause:?}: {:?}", status.code()));
    ///     });
    ///     running.await
    /// }
    /// ```
    pub fn on_attempt(self, tell: impl Fn(&mut Attempt) + Send + Sync + 'static) -> Self {
        self.tell_of_attempts(Arc::new(tell))
    }

    pub(crate) fn tell_of_attempts(mut self, tell: TellAttempt) -> Self {
        if let Some(head) = self.head() {
            head.observers.attempt.push(tell);
        }
        self
    }

    /// Calls `tell` with the length of each response, in bytes without compression: on a client when it has arrived, on a server when it
    /// is sent.
    pub fn on_response(mut self, tell: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.observers().watch.on_message.push(Arc::new(tell));
        self
    }
}

impl Future for Running {
    type Output = Result<Answer, Status>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { call, rest, observers } = &mut *self;
        if let Some((next, head)) = call.take() {
            *rest = Some(next.start(head));
        }
        let Some(running) = rest else { return Poll::Pending };
        let mut outcome = ready!(match observers {
            None => running.as_mut().poll(cx),
            Some(observers) => or_tell(|| running.as_mut().poll(cx), |status| observers.watch.end(status)),
        });
        *rest = None;
        if let Some(observers) = observers {
            match &mut outcome {
                Ok(answer) => {
                    answer.get_mut().on_sent.extend(mem::take(&mut observers.sent));
                    if !observers.watch.is_empty() {
                        answer.get_mut().watch(mem::take(&mut observers.watch));
                    }
                }
                Err(status) => observers.watch.end(status),
            }
        }
        Poll::Ready(outcome)
    }
}

impl fmt::Debug for Running {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Running").finish_non_exhaustive()
    }
}
