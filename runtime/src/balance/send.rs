//! Sends a call on a connection, and counts it until the end of its response.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderMap, Request, Response};
use http_body::{Body as HttpBody, Frame};
use tonic::Status;
use tonic::body::Body;

use super::activity::ActiveCall;
use super::outliers::CallOutcome;
use super::pick::Backend;
use crate::BoxError;
use crate::client::connection::exchange::{ResponseBody, Unsent};
use crate::client::connection::http2::{Connection, InFlightCall};

/// A response, and the guards that count its call.
pub(super) struct Sent {
    response: Response<ResponseBody>,
    counted: InFlightCall,
    outcome: CallOutcome,
}

pub(super) async fn send(
    Backend { connection, outcomes }: Backend,
    counted: InFlightCall,
    request: Request<Body>,
) -> Result<Sent, Unsent> {
    let mut outcome = CallOutcome::new(outcomes);
    match connection.send(request).await {
        Ok(response) => {
            if let Some(success) = success(response.headers()) {
                outcome.is(success);
            }
            Ok(Sent { response, counted, outcome })
        }
        Err(unsent) => {
            if matches!(unsent, Unsent::Request(_)) {
                outcome.forget();
            }
            Err(unsent)
        }
    }
}

impl Sent {
    /// The response, which counts as `running` until its end.
    pub(super) fn into_response(self, running: ActiveCall) -> Response<Body> {
        let Self { response, counted, outcome } = self;
        response.map(|body| Body::new(Tracked { body, under_way: Some((running, counted)), outcome }))
    }
}

/// Whether the status in `headers`, which may be trailers, is a success.
fn success(headers: &HeaderMap) -> Option<bool> {
    headers.get(Status::GRPC_STATUS).map(|status| status == "0")
}

/// Sends a request on this connection or not at all.
pub(super) async fn send_only(
    connection: &Connection,
    request: Request<Body>,
) -> Result<Response<ResponseBody>, BoxError> {
    connection.send(request).await.map_err(|unsent| match unsent {
        Unsent::Request(_) => Status::unavailable("the connection ended before the call left").into(),
        Unsent::Failed(error) => error,
    })
}

/// A response that counts as a call until its end.
struct Tracked {
    body: ResponseBody,
    under_way: Option<(ActiveCall, InFlightCall)>,
    outcome: CallOutcome,
}

impl HttpBody for Tracked {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(trailers) = frame.trailers_ref() {
                    self.outcome.is(success(trailers).unwrap_or_default());
                    self.under_way = None;
                }
            }
            Poll::Ready(_) => {
                self.outcome.is(false);
                self.under_way = None;
            }
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}
