//! Watches the health that a server reports. Source: gRFC A17.

use std::task::{Context, Poll};

use http::{Request, Response};
use tokio::time::{Instant, sleep_until};
use tonic::body::Body;
use tonic::{Code, Status};
use tower_service::Service;

use super::backoff::{Backoff, BackoffSettings};
use super::health::Health;
use super::send::send_only;
use crate::client::connection::exchange::ResponseBody;
use crate::client::connection::http2::Connection;
use crate::client::connection::origin::Origin;
use crate::{BoxError, BoxFuture, Channel, MethodDescriptor, Streaming};

const WATCH: MethodDescriptor = MethodDescriptor::server_streaming("/grpc.health.v1.Health/Watch");

#[derive(Clone, PartialEq, prost::Message)]
struct HealthCheckRequest {
    #[prost(string, tag = "1")]
    service: String,
}

#[derive(Clone, PartialEq, prost::Message)]
struct HealthCheckResponse {
    #[prost(enumeration = "ServingStatus", tag = "1")]
    status: i32,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, prost::Enumeration)]
#[repr(i32)]
enum ServingStatus {
    Unknown = 0,
    Serving = 1,
    NotServing = 2,
    ServiceUnknown = 3,
}

/// A transport over one connection, for health checks.
#[derive(Clone)]
pub(super) struct SingleConnection {
    pub(super) connection: Connection,
    pub(super) origin: Origin,
}

impl Service<Request<Body>> for SingleConnection {
    type Response = Response<ResponseBody>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<ResponseBody>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        let completed = self.origin.complete(&mut request);
        let connection = self.connection.clone();
        Box::pin(async move {
            completed?;
            send_only(&connection, request).await
        })
    }
}

/// Watches the health of `service` until the connection is lost, and passes each change to `report`.
pub(super) async fn watch(server: SingleConnection, service: String, report: impl Fn(Health)) {
    let address = server.connection.address().clone();
    let not_serving = |reason: String| Health::NotServing(format!("{address}: {reason}").into());
    let channel = Channel::new(server);
    let mut backoff = Backoff::default();
    loop {
        backoff.start(&BackoffSettings::default(), Instant::now());
        let mut answered = false;
        let ended = follow(&channel, &service, |status| {
            answered = true;
            report(match status {
                ServingStatus::Serving => Health::Serving,
                other => not_serving(format!("the health of `{service}` is {}", other.as_str_name())),
            });
        })
        .await;
        // "The client will act as if health checking is disabled."
        if ended.code() == Code::Unimplemented {
            return report(Health::Unchecked);
        }
        report(not_serving(format!("the health of `{service}` cannot be watched: {}", ended.message())));
        // "When the client receives a message from the server on a given call, the backoff state is reset, so the next attempt will occur
        // immediately."
        if answered {
            backoff = Backoff::default();
        } else {
            sleep_until(backoff.until()).await;
        }
    }
}

/// Watches once, and returns the status with which the watch ends.
async fn follow(channel: &Channel, service: &str, mut report: impl FnMut(ServingStatus)) -> Status {
    let request = HealthCheckRequest { service: service.to_owned() };
    let call = channel.server_streaming::<_, HealthCheckResponse>(&WATCH, request);
    let mut statuses: Streaming<HealthCheckResponse> = match call.await {
        Ok(response) => response.into_inner(),
        Err(status) => return status,
    };
    loop {
        match statuses.message().await {
            Ok(Some(response)) => report(response.status()),
            Ok(None) => return Status::unavailable("the server ended the watch"),
            Err(status) => return status,
        }
    }
}

impl ServingStatus {
    fn as_str_name(self) -> &'static str {
        match self {
            Self::Unknown => "UNKNOWN",
            Self::Serving => "SERVING",
            Self::NotServing => "NOT_SERVING",
            Self::ServiceUnknown => "SERVICE_UNKNOWN",
        }
    }
}
