//! Channels over a transport that stays on one thread, such as a browser's.

#![cfg(feature = "local")]

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body as HttpBody, Frame, SizeHint};
use http_body_util::BodyExt;
use send_wrapper::SendWrapper;
use tonic::body::Body;
use tower_service::Service;

use super::Channel;
use crate::BoxError;

impl Channel {
    /// Makes a channel of a tower service that is not `Send` or `Sync`, or whose futures, bodies or errors are not: one that calls `fetch` in a
    /// browser, or belongs to a runtime with a thread per core.
    ///
    /// The channel, its clients and its calls are `Send` all the same, but must stay on this thread.
    ///
    /// # Panics
    ///
    /// Making, polling or dropping a call on another thread panics, and so does dropping the last clone of the channel there.
    #[must_use]
    pub fn local<S, B>(service: S) -> Self
    where
        S: Service<http::Request<Body>, Response = http::Response<B>> + Clone + 'static,
        S::Error: Into<BoxError>,
        B: HttpBody<Data = Bytes> + 'static,
        B::Error: Into<BoxError>,
    {
        Self::new(LocalService(SendWrapper::new(service)))
    }
}

#[derive(Clone)]
struct LocalService<S>(SendWrapper<S>);

impl<S, B> Service<http::Request<Body>> for LocalService<S>
where
    S: Service<http::Request<Body>, Response = http::Response<B>>,
    S::Error: Into<BoxError>,
    S::Future: 'static,
    B: HttpBody<Data = Bytes> + 'static,
    B::Error: Into<BoxError>,
{
    type Response = http::Response<LocalBody>;
    type Error = BoxError;
    type Future = SendWrapper<Pin<Box<dyn Future<Output = Result<Self::Response, BoxError>>>>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.0.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let response = self.0.call(request);
        SendWrapper::new(Box::pin(async {
            let body = |body: B| LocalBody(SendWrapper::new(Box::pin(body.map_err(Into::into))));
            Ok(response.await.map_err(Into::into)?.map(body))
        }))
    }
}

struct LocalBody(SendWrapper<Pin<Box<dyn HttpBody<Data = Bytes, Error = BoxError>>>>);

impl HttpBody for LocalBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        self.0.as_mut().poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}
