//! Traces: a span for each call on either side, and distributed traces across services.
//!
//! [`client`] and [`server`] make [interceptors](crate::intercept). Add them first, so that other interceptors run within the span:
//!
//! ```
//! # mod proto { include!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/proto/user.v1.rs")); }
//! # use proto::{user_service_client::UserServiceClient, user_service_server::{UserService, UserServiceServer}};
//! use rgrpc::traces;
//!
//! # fn example(channel: rgrpc::Channel, users: impl UserService) {
//! let client = UserServiceClient::new(channel.intercept(traces::client()));
//! let server = UserServiceServer::new(users).intercept(traces::server());
//! # }
//! ```
//!
//! # Spans
//!
//! Spans are those of the crate [`tracing`], for any subscriber. Names and attributes follow
//! [OpenTelemetry's conventions for gRPC](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/), which tracing backends understand, instead of
//! the names `Sent.` and `Recv.` of [gRFC A72](https://github.com/grpc/proposal/blob/master/A72-open-telemetry-tracing.md).
//!
//! | span | name | kind | attributes |
//! |---|---|---|---|
//! | client's call | `user.v1.UserService/GetUser` | client | `rpc.system.name`, `rpc.method`, `rpc.response.status_code`, `error.type`, `server.address` and `.port` |
//! | attempt, a child of the call | `Attempt.user.v1.UserService/GetUser` | client | the first four, `previous-rpc-attempts`, `transparent-retry` |
//! | server's call | `user.v1.UserService/GetUser`, or `grpc` for an unknown method | server | the first four, `rpc.method_original`, `network.peer.address` and `.port`, `trace_id` |
//!
//! As in A72, attempts have spans only if the service config has a retry or hedging policy for the call. The server's span is then a child of
//! the attempt.
//!
//! A span lasts until the end of its call, or of its stream of responses; if either is dropped, the code is `CANCELLED`. On a client, every code
//! but OK is an error. On a server, `UNKNOWN`, `DEADLINE_EXCEEDED`, `UNIMPLEMENTED`, `INTERNAL`, `UNAVAILABLE` and `DATA_LOSS` are; others are
//! the caller's fault. The description of an error is the message of the status. Spans contain nothing of requests, responses or other
//! metadata. A call that a server refuses before its interceptors run, because it is late, over a limit or not gRPC, has a span that ends at
//! once. Health checks have no spans.
//!
//! A handler and its stream of responses run within the span of their call: their log events belong to the span, and their calls are its
//! children. The same is true for a task that a handler spawns with `future.in_current_span()` ([`tracing::Instrument`]).
//!
//! # Propagation
//!
//! The metadata of calls carries the [W3C trace context](https://www.w3.org/TR/trace-context/), `traceparent` and `tracestate`. A malformed one is
//! ignored, and a new trace starts.
//!
//! With the feature `tracing-opentelemetry`, and a subscriber with the layer of the crate tracing-opentelemetry, the spans of a process continue
//! the incoming trace, and outgoing calls carry their context. Whether a trace is sampled is up to the sampler of that layer. Without these, a
//! process passes the incoming context unchanged to the calls of its handlers, so that traces are not interrupted.

mod attempt;
#[cfg(feature = "tracing-opentelemetry")]
mod bridge;
#[cfg(not(feature = "tracing-opentelemetry"))]
#[path = "bridge/off.rs"]
mod bridge;
mod client;
mod context;
mod current;
mod scope;
mod server;
#[cfg(feature = "tracing-setup")]
mod setup;
mod span;
mod traced;

use crate::intercept::Intercept;

pub use context::TraceContext;
pub(crate) use scope::{Scope, Scoped};
#[cfg(feature = "tracing-setup")]
pub use setup::{Setup, SetupError, Traces};

/// Makes an interceptor for clients, with a span around each call.
#[must_use]
pub fn client() -> impl Intercept {
    client::TracedClient
}

/// Makes an interceptor for servers, with a span around each call that continues the caller's trace.
#[must_use]
pub fn server() -> impl Intercept {
    server::TracedServer
}

/// Sets up the logs and spans of a process: log lines go to standard output, each with the span of its call.
///
/// ```no_run
/// # async fn example() -> Result<(), rgrpc::traces::SetupError> {
/// let traces = rgrpc::traces::setup().filter("info,users=debug").start()?;
/// // Serve.
/// traces.shutdown().await?;
/// # Ok(())
/// # }
/// ```
#[cfg(feature = "tracing-setup")]
pub fn setup() -> Setup {
    Setup::default()
}
