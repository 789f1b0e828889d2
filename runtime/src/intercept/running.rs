//! The running rest of a call, with the callbacks of an interceptor.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::{fmt, mem};

use tonic::Status;

use super::watch::or_tell;
use super::{Answer, Attempt, Head, Next, OnMessage, TellAttempt, TellLength, Watch};
use crate::{BoxFuture, Deadline};

/// The rest of a call, which runs when it is awaited; [`Next::run`] makes it.
///
/// Its methods add callbacks, which observe the call without delaying it. They run in the task of the call, so they must be fast and must not
/// panic.
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
    /// The call, until it starts.
    call: Option<(Next, Head)>,
    rest: Option<BoxFuture<'static, Result<Answer, Status>>>,
    observers: Option<Box<ResponseObservers>>,
}

/// The observers of responses.
#[derive(Default)]
struct ResponseObservers {
    watch: Watch,
    /// On a server, of each response on the wire.
    sent: OnMessage,
}

impl Next {
    /// Runs the rest of the call with `head`, when the result is awaited.
    ///
    /// To run it again, clone this and the head first. If it [cannot run again](Self::can_run_again), another run ends with `INTERNAL`.
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

    /// Calls `callback` exactly once, with the final status of the call: after its one response, at the end of its stream of responses, or
    /// after an error.
    ///
    /// If the call or its stream of responses is dropped before, the status is `CANCELLED`, or `DEADLINE_EXCEEDED` after the deadline.
    pub fn on_end(mut self, callback: impl FnOnce(&Status) + Send + 'static) -> Self {
        self.observers().watch.on_end(Box::new(callback));
        self
    }

    /// Calls `callback` for each request, with its length in bytes before compression: on a client when it is sent, on a server when it has
    /// arrived.
    ///
    /// On a client, retries do not count. If an interceptor further inside runs the call again, its requests do.
    pub fn on_request(self, callback: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.tell_of_requests(Arc::new(callback))
    }

    pub(crate) fn tell_of_requests(mut self, tell: TellLength) -> Self {
        if let Some(head) = self.head() {
            head.observers.request.push(tell);
        }
        self
    }

    /// Calls `callback` for each request that a server receives, with its length on the wire: compressed, and without the 5-byte header of its
    /// frame. On a client, see [`Attempt::on_received`].
    pub fn on_received(mut self, callback: impl Fn(usize) + Send + Sync + 'static) -> Self {
        if let Some(head) = self.head() {
            head.observers.received.push(Arc::new(callback));
        }
        self
    }

    /// Calls `callback` for each response that a server sends, with its length on the wire. A compressed response is reported when it leaves,
    /// which may be after the end of the call. On a client, see [`Attempt::on_sent`].
    pub fn on_sent(mut self, callback: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.observers().sent.push(Arc::new(callback));
        self
    }

    /// Calls `callback` for each attempt of a client's call: the first one, retries and hedged attempts. It runs before the metadata is sent,
    /// and can change it. On a server, it is never called.
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
    pub fn on_attempt(self, callback: impl Fn(&mut Attempt) + Send + Sync + 'static) -> Self {
        self.tell_of_attempts(Arc::new(callback))
    }

    pub(crate) fn tell_of_attempts(mut self, tell: TellAttempt) -> Self {
        if let Some(head) = self.head() {
            head.observers.attempt.push(tell);
        }
        self
    }

    /// Calls `callback` for each response, with its length in bytes before compression: on a client when it has arrived, on a server when it is
    /// sent.
    pub fn on_response(mut self, callback: impl Fn(usize) + Send + Sync + 'static) -> Self {
        self.observers().watch.on_message.push(Arc::new(callback));
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
