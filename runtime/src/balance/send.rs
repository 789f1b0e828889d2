//! Sends a call on a connection, and counts it until its response ends.

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
use crate::client::connection::exchange::{ExchangeError, ResponseBody};
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
) -> Result<Sent, ExchangeError> {
    let mut outcome = CallOutcome::new(outcomes);
    match connection.send(request).await {
        Ok(response) => {
            if let Some(success) = success(response.headers()) {
                outcome.record(success);
            }
            Ok(Sent { response, counted, outcome })
        }
        Err(error) => {
            if matches!(error, ExchangeError::NotSent(_)) {
                outcome.discard();
            }
            Err(error)
        }
    }
}

impl Sent {
    /// The response, which holds `running` until its end.
    pub(super) fn into_response(self, running: ActiveCall) -> Response<Body> {
        let Self { response, counted, outcome } = self;
        response.map(|body| Body::new(CountedBody { body, in_flight: Some((running, counted)), outcome }))
    }
}

/// Whether the status in `headers` or trailers is a success, if there is one.
fn success(headers: &HeaderMap) -> Option<bool> {
    headers.get(Status::GRPC_STATUS).map(|status| status == "0")
}

/// Sends a request on this connection only; there is no other to fall back to.
pub(super) async fn send_only(
    connection: &Connection,
    request: Request<Body>,
) -> Result<Response<ResponseBody>, BoxError> {
    connection.send(request).await.map_err(|error| match error {
        ExchangeError::NotSent(_) => Status::unavailable("the connection ended before the call was sent").into(),
        ExchangeError::Failed(error) => error,
    })
}

/// The body of a response, whose call is counted until its end.
struct CountedBody {
    body: ResponseBody,
    in_flight: Option<(ActiveCall, InFlightCall)>,
    outcome: CallOutcome,
}

impl HttpBody for CountedBody {
    type Data = Bytes;
    type Error = h2::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, h2::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        match &polled {
            Poll::Ready(Some(Ok(frame))) => {
                if let Some(trailers) = frame.trailers_ref() {
                    self.outcome.record(success(trailers).unwrap_or_default());
                    self.in_flight = None;
                }
            }
            Poll::Ready(_) => {
                self.outcome.record(false);
                self.in_flight = None;
            }
            Poll::Pending => {}
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }
}
