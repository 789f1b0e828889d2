//! A call that was sent before its response is awaited. Polling its sender or its responses makes it progress.

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

/// A call that was sent, and may not be answered yet; [`Call::start`](crate::Call::start) makes it.
///
/// For a method with a stream of responses, it is that stream, and its headers can be awaited first. For a method with one response, it is a
/// future of the response. Dropping it cancels the call.
///
/// The call makes progress while this or its [`Sender`](crate::streaming::Sender) is polled.
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

    /// The call, for its sender to poll until this is dropped.
    pub(crate) fn drive(&self) -> Weak<dyn Drive> {
        Arc::downgrade(&self.call) as Weak<dyn Drive>
    }

    /// Cancels the call, as dropping it does.
    pub fn cancel(self) {
        drop(self);
    }
}

impl<R: Message + Default + 'static> Started<Streaming<R>> {
    /// Waits for the headers of the response, the metadata before its first message. Many servers send them together with that message.
    ///
    /// # Errors
    ///
    /// The status of a call that ended without headers.
    pub async fn headers(&mut self) -> Result<&MetadataMap, Status> {
        if self.headers.is_none() {
            let call = &self.call;
            let headers =
                poll_fn(|cx| call.poll(CallSide::Responses, cx, |stage, _| Poll::Ready(stage.headers()))).await?;
            self.headers = Some(headers);
        }
        Ok(self.headers.get_or_insert_default())
    }

    /// Returns the next response, or `None` after the last one.
    ///
    /// # Errors
    ///
    /// Those of [`Streaming::message`], and those of awaiting the call.
    pub async fn message(&mut self) -> Result<Option<R>, Status> {
        poll_fn(|cx| Pin::new(&mut *self).poll_next(cx)).await.transpose()
    }

    /// Whether the last response arrived compressed; `false` before the first.
    #[must_use]
    pub fn was_compressed(&self) -> bool {
        match &*lock(&self.call.stage) {
            CallStage::Opened(responses) => responses.get_ref().was_compressed(),
            _ => false,
        }
    }

    /// Reads and drops the remaining responses, and returns the trailing metadata; `None` if there is none.
    ///
    /// # Errors
    ///
    /// Those of [`Started::message`].
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
                CallStage::Opening(_) | CallStage::Over => Err(Status::internal("the response was already taken")),
            })
        })
    }
}

/// The stages of a call.
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

/// The state that a [`Started`] shares with its sender.
pub(crate) struct StartedCall<T> {
    stage: Mutex<CallStage<T>>,
    wakers: Arc<Wakers>,
}

impl<T: CallOutput> StartedCall<T> {
    /// Polls the call, and calls `then` once the response has begun.
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

/// The two halves that poll a call.
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

/// Locks the mutex, also after a panic while it was locked.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<T> fmt::Debug for Started<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Started").finish_non_exhaustive()
    }
}
