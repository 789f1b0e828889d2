//! Ends calls with `UNAVAILABLE` when their connection has to close, and pauses those that clients do not read.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http::Response;
use http_body::{Body as HttpBody, Frame, SizeHint};
use tonic::Status;
use tonic::body::Body;

use super::closing::EndSignal;
use super::in_flight::CallInFlight;
use super::routes::{CalledPath, PendingResponse, catch_layer};
use super::unread::Backpressure;
use crate::grpc::{trailers, trailers_only};

/// The future of a response, which the closing of the connection may end.
pub(super) struct BoundedCall {
    response: PendingResponse,
    /// Passed on to the body of the response. `None` if the response has bounds inside, or is made already.
    bounds: Option<CallBounds>,
}

/// The state that a call holds up to its end.
pub(super) struct CallBounds {
    pub(super) backpressure: Backpressure,
    pub(super) end_signal: EndSignal,
    pub(super) _in_flight: CallInFlight,
}

impl BoundedCall {
    pub(super) fn new(response: PendingResponse, bounds: CallBounds) -> Self {
        Self { response, bounds: Some(bounds) }
    }

    /// A response that wraps one with bounds, or that refuses a call.
    pub(super) fn unbounded(response: PendingResponse) -> Self {
        Self { response, bounds: None }
    }
}

impl Future for BoundedCall {
    type Output = Result<Response<BoundedBody>, Infallible>;

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let Self { response, bounds } = &mut *self;
        let Some(CallBounds { backpressure, end_signal, .. }) = bounds else {
            let response = ready!(Pin::new(response).poll(cx));
            return Poll::Ready(Ok(response.map(|body| BoundedBody { body: Some(body), bounds: None, path: None })));
        };
        let polled = if backpressure.poll(cx).is_ready() { Pin::new(response).poll(cx) } else { Poll::Pending };
        let response = match polled {
            Poll::Ready(response) => response,
            Poll::Pending => trailers_only(&ready!(end_signal.poll(cx))),
        };
        let (bounds, path) = (self.bounds.take(), self.response.path());
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
        let Some(CallBounds { backpressure, end_signal, .. }) = bounds else { return Pin::new(body).poll_frame(cx) };
        // A body with a known length is sent to its end, without waiting: the client may have been told the length.
        let is_made = body.size_hint().exact().is_some();
        // Checked first, because a stream that always has a message is never pending.
        if !is_made && let Some(status) = end_signal.over() {
            return Poll::Ready(Some(Ok(self.end(&status))));
        }
        let may_send = is_made || backpressure.poll(cx).is_ready();
        let polled = match may_send.then(|| catch_layer(path, || Pin::new(body).poll_frame(cx))) {
            Some(Ok(polled)) => polled,
            Some(Err(status)) => return Poll::Ready(Some(Ok(self.end(&status)))),
            None => Poll::Pending,
        };
        match polled {
            Poll::Ready(frame) => {
                Poll::Ready(frame.map(|frame| frame.map(|frame| frame.map_data(|piece| backpressure.count(piece)))))
            }
            Poll::Pending => {
                let status = ready!(end_signal.poll(cx));
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
