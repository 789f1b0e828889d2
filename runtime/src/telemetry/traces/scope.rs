//! The scope of a call: its span and trace context, in which its handler and responses are polled and dropped.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tokio::task::futures::TaskLocalFuture;
use tonic::Status;
use tonic::body::Body;
use tracing::Span;

use super::TraceContext;
use crate::grpc::{Batch, BoxFill, Fill, Filled};

type CurrentContext = Option<Arc<TraceContext>>;

tokio::task_local! {
    static CURRENT: CurrentContext;
}

/// The context of the call that this task handles, unless its span has it.
pub(super) fn current() -> CurrentContext {
    CURRENT.try_with(Clone::clone).ok().flatten()
}

pub(super) fn within<F: Future>(context: CurrentContext, future: F) -> TaskLocalFuture<CurrentContext, F> {
    CURRENT.scope(context, future)
}

/// The scope of a call: its span, and the context that its own calls carry, unless the span has it.
#[derive(Debug, Clone)]
pub(crate) struct Scope {
    span: Span,
    context: CurrentContext,
}

impl Scope {
    pub(super) fn new(span: Span, context: Option<TraceContext>) -> Self {
        Self { span, context: context.map(Arc::new) }
    }

    pub(super) fn span(&self) -> &Span {
        &self.span
    }

    pub(super) fn enter<T>(&self, run: impl FnOnce() -> T) -> T {
        let _entered = self.span.enter();
        // A server in this process is polled by its caller, whose context may differ.
        let is_current = CURRENT.try_with(|current| *current == self.context).unwrap_or(self.context.is_none());
        if is_current { run() } else { CURRENT.sync_scope(self.context.clone(), run) }
    }
}

/// A value that is polled and dropped within a scope: a stream or a body.
pub(crate) struct Scoped<T> {
    /// `None` only while this is dropped.
    inner: Option<T>,
    scope: Scope,
}

impl<T> Scoped<T> {
    pub(crate) fn new(inner: T, scope: Scope) -> Self {
        Self { inner: Some(inner), scope }
    }

    fn poll<O>(&mut self, poll: impl FnOnce(&mut T) -> Poll<O>) -> Poll<O> {
        let Self { inner, scope } = self;
        inner.as_mut().map_or(Poll::Pending, |inner| scope.enter(|| poll(inner)))
    }
}

impl<T> Drop for Scoped<T> {
    fn drop(&mut self) {
        let Self { inner, scope } = self;
        scope.enter(|| *inner = None);
    }
}

impl<S: Stream + Unpin> Stream for Scoped<S> {
    type Item = S::Item;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<S::Item>> {
        self.get_mut().poll(|stream| Pin::new(stream).poll_next(cx))
    }
}

impl Fill for Scoped<BoxFill> {
    fn fill(self: Pin<&mut Self>, cx: &mut Context<'_>, batch: &mut Batch, limit: Option<usize>) -> Filled {
        let Self { inner, scope } = self.get_mut();
        inner.as_mut().map_or(Filled::Paused, |inner| scope.enter(|| inner.as_mut().fill(cx, batch, limit)))
    }
}

impl HttpBody for Scoped<Body> {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        self.get_mut().poll(|body| Pin::new(body).poll_frame(cx))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.as_ref().is_none_or(HttpBody::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.as_ref().map(HttpBody::size_hint).unwrap_or_default()
    }
}
