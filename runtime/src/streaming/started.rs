//! A call that was sent before its response is awaited, and goes on whenever either of its sides is polled.

use std::future::{Future, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};
use std::task::{Context, Poll, Wake, Waker, ready};
use std::{fmt, mem};

use futures_core::Stream;
use prost::Message;
use tonic::metadata::MetadataMap;
use tonic::{Response, Status};

use super::{Drive, Streaming};
use crate::{BoxFuture, CallOutput};

/// A call that was sent, and may have no answer yet; [`Call::start`](crate::Call::start) makes it.
///
/// A call with a stream of responses is that stream, with its headers awaited on their own. A call with one response is a future of it.
/// Dropping it cancels the call.
///
/// It goes on while it is polled, or its [`Sender`](crate::streaming::Sender) is.
#[must_use = "a call that is dropped is cancelled"]
pub struct Started<T> {
    call: Arc<StartedCall<T>>,
    headers: Option<MetadataMap>,
}

impl<T: CallOutput> Started<T> {
    pub(crate) fn new(response: BoxFuture<'static, Result<Response<T>, Status>>) -> Self {
        let call = StartedCall { stage: Mutex::new(CallStage::Opening(response)), wakers: Arc::default() };
        let _ = call.drive(&mut Context::from_waker(Waker::noop()));
        Self { call: Arc::new(call), headers: None }
    }

    /// The call as its sender has it go on, as long as this is not dropped.
    pub(crate) fn drive(&self) -> Weak<dyn Drive> {
        Arc::downgrade(&self.call) as Weak<dyn Drive>
    }

    /// Cancels the call, as dropping it does.
    pub fn cancel(self) {
        drop(self);
    }
}

impl<R: Message + Default + 'static> Started<Streaming<R>> {
    /// The metadata before the first response, once it is here. Many servers send it with their first response, not before.
    ///
    /// # Errors
    ///
    /// The status with which the call ended without any.
    pub async fn headers(&mut self) -> Result<&MetadataMap, Status> {
        if self.headers.is_none() {
            let call = &self.call;
            let headers =
                poll_fn(|cx| call.poll(CallSide::Responses, cx, |stage, _| Poll::Ready(stage.headers()))).await?;
            self.headers = Some(headers);
        }
        Ok(self.headers.get_or_insert_default())
    }

    /// The next response, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// As [`Streaming::message`], also where awaiting the call would have failed.
    pub async fn message(&mut self) -> Result<Option<R>, Status> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// Whether the response that came last was compressed on its way here; `false` before the first.
    #[must_use]
    pub fn was_compressed(&self) -> bool {
        match &*lock(&self.call.stage) {
            CallStage::Opened(responses) => responses.get_ref().was_compressed(),
            _ => false,
        }
    }

    /// The metadata after the last response, after dropping the responses that are left; `None` if there was none.
    ///
    /// # Errors
    ///
    /// As [`Started::message`].
    pub async fn trailers(&mut self) -> Result<Option<MetadataMap>, Status> {
        while self.message().await?.is_some() {}
        poll_fn(|cx| {
            self.call.poll(CallSide::Responses, cx, |stage, cx| match stage {
                CallStage::Opened(responses) => responses.get_mut().poll_trailers(cx),
                _ => Poll::Ready(Ok(None)),
            })
        })
        .await
    }
}

impl<R: Message + Default + 'static> Stream for Started<Streaming<R>> {
    type Item = Result<R, Status>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.call.poll(CallSide::Responses, cx, |stage, cx| match stage {
            CallStage::Opened(responses) => Pin::new(responses.get_mut()).poll_next(cx),
            _ => Poll::Ready(stage.take_failure().map(Err)),
        })
    }
}

impl<R: Message + Default + 'static> Future for Started<R> {
    type Output = Result<Response<R>, Status>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        self.call.poll(CallSide::Responses, cx, |stage, _| {
            Poll::Ready(match mem::replace(stage, CallStage::Over) {
                CallStage::Opened(response) => Ok(response),
                CallStage::Failed(status) => Err(status),
                CallStage::Opening(_) | CallStage::Over => Err(Status::internal("the response was taken before")),
            })
        })
    }
}

/// How far a call is.
enum CallStage<T> {
    Opening(BoxFuture<'static, Result<Response<T>, Status>>),
    Opened(Response<T>),
    Failed(Status),
    Over,
}

impl<T> CallStage<T> {
    fn headers(&self) -> Result<MetadataMap, Status> {
        match self {
            Self::Opened(response) => Ok(response.metadata().clone()),
            Self::Failed(status) => Err(status.clone()),
            Self::Opening(_) | Self::Over => Err(Status::internal("the call is over")),
        }
    }

    fn take_failure(&mut self) -> Option<Status> {
        match mem::replace(self, Self::Over) {
            Self::Failed(status) => Some(status),
            _ => None,
        }
    }
}

/// A call that goes on when either of its sides is polled.
pub(crate) struct StartedCall<T> {
    stage: Mutex<CallStage<T>>,
    wakers: Arc<Wakers>,
}

impl<T: CallOutput> StartedCall<T> {
    /// Has the call go on, and `then` look at it once the first of its answer is here.
    fn poll<O>(
        &self,
        side: CallSide,
        cx: &mut Context<'_>,
        then: impl FnOnce(&mut CallStage<T>, &mut Context<'_>) -> Poll<O>,
    ) -> Poll<O> {
        self.wakers.register(side, cx.waker());
        let waker = Waker::from(self.wakers.clone());
        let cx = &mut Context::from_waker(&waker);
        let mut stage = lock(&self.stage);
        if let CallStage::Opening(response) = &mut *stage {
            *stage = match ready!(response.as_mut().poll(cx)) {
                Ok(response) => CallStage::Opened(response),
                Err(status) => CallStage::Failed(status),
            };
        }
        then(&mut stage, cx)
    }
}

impl<T: CallOutput> Drive for StartedCall<T> {
    fn drive(&self, cx: &mut Context<'_>) -> Poll<()> {
        self.poll(CallSide::Requests, cx, |stage, cx| {
            if let CallStage::Opened(response) = stage {
                response.get_mut().read_ahead(cx);
            }
            Poll::Ready(())
        })
    }
}

#[derive(Clone, Copy)]
enum CallSide {
    Requests,
    Responses,
}

/// Wakes the tasks of both sides of a call, whichever of them polled it last.
#[derive(Default)]
struct Wakers([Mutex<Option<Waker>>; 2]);

impl Wakers {
    fn register(&self, side: CallSide, waker: &Waker) {
        lock(&self.0[side as usize]).get_or_insert_with(|| waker.clone()).clone_from(waker);
    }
}

impl Wake for Wakers {
    fn wake(self: Arc<Self>) {
        self.wake_by_ref();
    }

    fn wake_by_ref(self: &Arc<Self>) {
        for waker in &self.0 {
            let waker = lock(waker).take();
            if let Some(waker) = waker {
                waker.wake();
            }
        }
    }
}

/// A call whose poll panicked is polled no more than any other.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> fmt::Debug for Started<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Started").finish_non_exhaustive()
    }
}
